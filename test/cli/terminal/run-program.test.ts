import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { printable } from '../../../lambdas/characters/visible-text';
import { runCommandIn } from './operator';

test.each([
  [['inbox', 'invite', 'ana@\u001b[31m-example.com']],
  [['inbox', 'invite', '--\u001b]0;title\u0007']],
  [['\u009b31m inbox']],
])('a usage error does not pass on what was pasted and controls a terminal: %j', async (words) => {
  const { status, stderr } = await runCommandIn(mkdtempSync(join(tmpdir(), 'usage-')), words);
  expect(status).toBe(2);
  expect(stderr).toContain('error: ');
  expect(stderr).toBe(printable(stderr));
});
