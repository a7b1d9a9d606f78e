import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ProjectFolder } from '../cli/start/started';

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs').flatMap((name) => (name.endsWith('.md') ? `docs/${name}` : [])),
];

/** The lines of the shell blocks of a document, without comments; a continued line is one. */
function shellLines(document: string): readonly string[] {
  const blocks = readFileSync(document, 'utf8').matchAll(/^```bash\n(.*?)^```/gms);
  return [...blocks]
    .flatMap(([, block = '']) => block.replaceAll('\\\n', ' ').split('\n'))
    .map((line) => line.replace(/\s+#.*/, '').trim())
    .filter((line) => line !== '');
}

/** The words of a command; quotes are dropped. */
function wordsOf(command: string): readonly string[] {
  return (command.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
}

/** Every `npx frontline …` of the documents, in blocks and in code spans. */
const commands = DOCUMENTS.flatMap((document) => {
  const text = readFileSync(document, 'utf8').replace(/\s+/g, ' ');
  const spans = [...text.matchAll(/`npx frontline ([^`]+)`/g)].map(([, words = '']) => words);
  const lines = shellLines(document).flatMap((line) => line.match(/^npx frontline (.+)$/)?.[1] ?? []);
  return [...spans, ...lines].map((command) => ({ document, command: command.replace(/ >.*/, '') }));
});

let folder: ProjectFolder;
beforeAll(async () => {
  folder = await ProjectFolder.create();
});
afterAll(() => folder.remove());

test('the documents name only commands and options that exist', async () => {
  const names = [...new Set(commands.map(({ command }) => wordsOf(command)[0] ?? ''))].filter(
    (name) => !name.startsWith('--'),
  );
  const help = new Map<string, string>();
  for (const name of names) {
    const { status, stdout } = await folder.run(name, ['--help']).ended;
    expect([name, status]).toEqual([name, 0]);
    const parts = [...stdout.matchAll(/^ {2}([a-z-]+) .*/gm)].map(([, part = '']) => part);
    const isGroup = /Usage: frontline \S+ \[options\] \[command\]/.test(stdout);
    const below = isGroup ? parts.filter((part) => part !== 'help') : [];
    const more = await Promise.all(
      below.map(async (part) => (await folder.run(name, [part, '--help']).ended).stdout),
    );
    help.set(name, [stdout, ...more].join('\n'));
  }

  const unknown = commands.flatMap(({ document, command }) => {
    const [name = '', ...words] = wordsOf(command);
    const options = words.filter((word) => word.startsWith('--'));
    return options
      .filter((option) => !help.get(name)?.includes(option))
      .map((option) => `${document}: npx frontline ${name} ${option}`);
  });
  expect(unknown).toEqual([]);
});

test("the README's first commands run one after the other on npm start", async () => {
  const firstBlocks = shellLines('README.md');
  const tries = firstBlocks.filter((line) => /^npx frontline (callback|simulate|opt-outs) /.test(line));
  await folder.start(['--reset']);

  expect(tries.length).toBeGreaterThanOrEqual(5);
  for (const line of tries) {
    const [, , name = '', ...words] = wordsOf(line);
    const { status, stdout, stderr } = await folder.run(name, words).ended;
    expect([line, status, stderr]).toEqual([line, 0, '']);
    expect(stdout).not.toBe('');
  }
});

test("the README's example of an error is what the service returns", async () => {
  const [, example = '{}'] = readFileSync('README.md', 'utf8').match(/^```json\n(.*?)^```/ms) ?? [];
  const id = /id (\d+)/.exec(example)?.[1] ?? '';

  const { stdout } = await folder.run('callback', ['GetCustomerDetailsByCustomerId', `CustomerId=${id}`])
    .ended;

  const parse = (text: string) => JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  const { error, message, ...rest } = parse(stdout);
  expect({ error, message, ...rest }).toMatchObject({
    error: parse(example).error,
    message: parse(example).message,
  });
  expect(Object.keys({ error, message, ...rest }).sort()).toEqual(Object.keys(parse(example)).sort());
});

test('links between the documents lead somewhere', () => {
  const broken = DOCUMENTS.flatMap((document) => {
    const folderOf = document.includes('/') ? 'docs/' : '';
    const links = readFileSync(document, 'utf8').matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g);
    return [...links].flatMap(([link, path = '', anchor]) => {
      const target = path === '' ? document : new URL(`file:///${folderOf}${path}`).pathname.slice(1);
      try {
        const headings = anchor === undefined ? [] : readFileSync(target, 'utf8').matchAll(/^#+ (.+)$/gm);
        const anchors = [...headings].map(([, heading = '']) =>
          heading
            .toLowerCase()
            .replace(/[^\p{L}0-9 _-]/gu, '')
            .replaceAll(' ', '-'),
        );
        return anchor === undefined || anchors.includes(anchor) ? [] : [`${document}: ${link}`];
      } catch {
        return [`${document}: ${link}`];
      }
    });
  });
  expect(broken).toEqual([]);
});
