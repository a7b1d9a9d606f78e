import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** The parts of a checkout, after `git clone` and `npm ci`, that setup needs. */
const CLONED = [
  '.env.example',
  'bin',
  'cdk.json',
  'lambdas',
  'lib',
  'cli',
  'emulators',
  'inbox',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

/** A separate checkout, so that setup writes its `.env` and its outputs there and not over a developer's. */
export function freshCheckout(folder: string): string {
  mkdirSync(folder);
  const isCloned = (path: string) => path !== join(PROJECT, 'inbox/dist');
  for (const name of CLONED) {
    cpSync(join(PROJECT, name), join(folder, name), { recursive: true, filter: isCloned });
  }
  symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}
