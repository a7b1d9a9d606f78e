// Every comment that cites a fact of Airtable or Twilio, as twilio.md#signatures, has to name a heading of
// docs/protocols. Fails with the place of each citation that does not resolve.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const CITED = /\b(airtable|twilio)\.md#([a-z0-9-]*)/g;
const NUMBERED = /\bcontract [0-9]/i;

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
  .filter((file) => /\.(ts|mjs|md|json|yml)$/.test(file) && !/package-lock|check-citations/.test(file));

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
  }
}
for (const problem of problems) console.error(problem);
console.log(`${files.length} files, ${problems.length} citations that do not resolve`);
process.exitCode = problems.length > 0 ? 1 : 0;
