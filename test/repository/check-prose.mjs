// Checks what cspell cannot see. A comment that cites a fact of Airtable or Twilio, as twilio.md#signatures, must name
// a heading of docs/protocols. Phrases that have to be read twice are flagged; single words are in cspell.json.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const CITED = /\b(airtable|twilio)\.md#([a-z0-9-]*)/g;
const NUMBERED = /\bcontract [0-9]/i;
const FLAGGED = [
  [/(?<!there )\bis no (?!longer|more|one\b|way)\w+/i, 'is not a valid …'],
  [/(?<!there )\bis none\b/i, 'is not a …, has no …'],
  [/\b(if|where|why|when) there (is|are) none\b/i, 'without a …'],
  [/\bto the letter\b/i, 'exactly, verbatim'],
  [/\bmade[- ]?up\b/i, 'demo, forged'],
  [/\bstand-?ins?\b/i, 'emulator'],
  [/\bwill not do\b/i, 'is invalid'],
  [/\bput(s|ting)? right\b|\bright first\b/i, 'fix'],
  [/\bin trouble\b/i, 'fails, returns 5xx'],
  [/\bbe it\b/i, 'whether'],
  [/\bbehind the back\b/i, 'after, without'],
  [/\bnot looked at\b/i, 'skipped'],
  [/\b(of|none of) (ours|theirs)\b/, 'our own, their own'],
  [/\btold of\b/i, 'notified of'],
  [/\b(is|are|be|was|were|as|when) told\b|\btold (apart|from|so|when)\b/i, 'notified, distinguished'],
  [/\bfor want of\b/i, 'because there is no …'],
  [/(^|\* |\/\/ )Who (is|was|reaches|writes|takes|connects)\b/, 'A worker who …, The worker that …'],
  [/, for (it|they|this|that|there|a|no) \w+ (is|are|has|have|was|does|cannot)\b/i, 'because'],
];

/** The anchor that GitHub gives a heading. */
function anchorOf(heading) {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-');
}

function anchorsOf(file) {
  const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm);
  return new Set([...headings].map(([, heading]) => anchorOf(heading)));
}

const anchors = {
  airtable: anchorsOf('docs/protocols/airtable.md'),
  twilio: anchorsOf('docs/protocols/twilio.md'),
};
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter(
    (file) =>
      /\.(tsx?|mjs|md|json|yml)$|\.env\.example$/.test(file) && !/package-lock|check-prose/.test(file),
  );

const problems = [];
for (const file of files) {
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    const place = `${file}:${index + 1}`;
    if (NUMBERED.test(line))
      problems.push(`${place} cites a numbered contract: cite a heading of docs/protocols`);
    for (const [citation, document, anchor] of line.matchAll(CITED)) {
      if (!anchors[document].has(anchor))
        problems.push(`${place} cites ${citation}, which is not a heading there`);
    }
    for (const [phrase, instead] of FLAGGED) {
      const found = phrase.exec(line)?.[0];
      if (found !== undefined) problems.push(`${place} says "${found}": ${instead}`);
    }
  }
}
for (const problem of problems) console.error(problem);
console.log(`${files.length} files, ${problems.length} citations or phrases to correct`);
process.exitCode = problems.length > 0 ? 1 : 0;
