import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { AirtableEmulator } from '../../../emulators/airtable/airtable-emulator';
import { customersTable } from '../../../emulators/airtable/base-data';
import { serve, TOKEN } from '../../emulators/airtable/serve';
import { runCommandIn } from '../terminal/operator';
import { customersIn } from './importing';

let emulator: AirtableEmulator;
let folder: string;

beforeEach(async () => {
  emulator = await serve([customersTable([])]);
  folder = mkdtempSync(join(tmpdir(), 'frontline-import-'));
  const settings = {
    AIRTABLE_API_KEY: TOKEN,
    AIRTABLE_BASE_ID: emulator.base.id,
    AIRTABLE_ENDPOINT_URL: emulator.url,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(folder, '.env'), lines.join(''));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (...rows: readonly string[]) =>
  writeFileSync(join(folder, 'customers.csv'), `name,sms,owner\n${rows.join('\n')}\n`);

test('an import needs the settings of the base only; importing again creates nothing twice', async () => {
  file('Ann,+14155550101,ana', 'Bob,12,ana');

  const first = await runCommandIn(folder, ['import', 'customers.csv']);
  const second = await runCommandIn(folder, ['import', 'customers.csv']);

  expect([first.status, first.stderr]).toEqual([1, '']);
  expect(first.stdout).toContain('✓ Import customers.csv: 2 rows\n      1 created\n      1 rejected:\n');
  expect(readFileSync(join(folder, 'customers.rejects.csv'), 'utf8')).toContain('Bob,12,ana');
  expect(second.stdout).toContain('      0 created\n      1 already in the base');
  expect(customersIn(emulator)).toHaveLength(1);
});

test('a dry run counts the effects, and writes nothing', async () => {
  file('Ann,+14155550101,ana', 'Bob,12,ana');

  const { status, stdout } = await runCommandIn(folder, ['import', 'customers.csv', '--dry-run']);

  expect(status).toBe(1);
  expect(stdout).toContain(
    '→ Import customers.csv: 2 rows\n      1 to create\n      1 to reject:\n        line 3: ',
  );
  expect(readdirSync(folder)).not.toContain('customers.rejects.csv');
  expect(customersIn(emulator)).toEqual([]);
});

test('an import interrupted by Ctrl-C reports its progress and releases the lock', async () => {
  file(...Array.from({ length: 300 }, (_, row) => `Row ${row},+1415555${1000 + row},ana`));

  const { status, stdout, stderr } = await runCommandIn(folder, ['import', 'customers.csv'], (interrupt) => {
    const looking = setInterval(() => {
      if (customersIn(emulator).length === 0) return;
      clearInterval(looking);
      interrupt();
    }, 20);
  });

  expect([status, stderr]).toEqual([130, expect.stringMatching(/^\nInterrupted/)]);
  expect(stdout).toContain('✗ Import customers.csv: 300 rows\n');
  expect(stdout).toContain('Not finished: it was interrupted');
  expect(readdirSync(join(folder, '.frontline'))).toEqual([]);
});
