import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';

const folders: string[] = [];

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

/** A file in a folder of its own, for one test. @returns its path. */
export async function aFile(content: string | Buffer, name = 'customers.csv'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'import-'));
  folders.push(folder);
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** Its lines, verbatim. */
export function lines(...content: string[]): string {
  return `${content.join('\n')}\n`;
}

/** A number that no other row has. */
export function numberOf(index: number): string {
  return `+1415${2_000_000 + index}`;
}

/** A file of this many customers, all different, and all with the same owner. */
export function customersFile(count: number): Promise<string> {
  const rows = Array.from({ length: count }, (_, index) => `Customer ${index},${numberOf(index)},ana`);
  return aFile(lines('name,sms,owner', ...rows));
}

/** The path of the file's rejects. */
export function rejectsOf(file: string): string {
  return file.replace(/\.csv$/, '.rejects.csv');
}
