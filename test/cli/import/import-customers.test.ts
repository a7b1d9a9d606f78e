import { rmSync } from 'node:fs';
import { access, chmod, lstat, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  aBase,
  aCollaborator,
  type Columns,
  customersTable,
  type Row,
} from '../../../emulators/airtable/base-data';
import { serve } from '../../emulators/airtable/serve';
import { aFile, customersFile, lines, numberOf, rejectsOf } from './csv-files';
import { baseOf, createsOf, customersIn, importInto, listener } from './importing';

const crm = (rows: readonly Row[] = [], columns: Columns = {}) => serve([customersTable(rows, columns)]);

describe('an import', () => {
  test('creates a customer for each row, in the order of the file, with every column of the base', async () => {
    const emulator = await crm([], { opt_out: 'checkbox', age: 'number' });
    const file = await aFile(
      lines(
        'Name;SMS;WhatsApp;E-Mail;Opt out;Age;Owner;Shoe size',
        'Ann Lee;(415) 555-0100;;ann@example.com;x;44;ana;39',
        '"Müller; Bo";;whatsapp:+4915112345678;;;;ana;',
      ),
    );

    const report = await importInto(emulator, file);

    expect(customersIn(emulator)).toEqual([
      {
        name: 'Ann Lee',
        sms: '+14155550100',
        email: 'ann@example.com',
        owner: 'ana',
        opt_out: true,
        age: 44,
      },
      { name: 'Müller; Bo', whatsapp: '+4915112345678', owner: 'ana' },
    ]);
    expect(report).toEqual({
      file,
      rows: 2,
      created: 2,
      withoutOwner: 0,
      existing: 0,
      rejected: [],
      rejectsFile: null,
      ignoredColumns: [{ heading: 'Shoe size', reason: 'Customers has no column of this name' }],
      leftOut: [],
      unfinished: null,
    });
  });

  test('leaves out an optional cell that Airtable rejects, and keeps the customer', async () => {
    const ana = aCollaborator('Ana', 'ana@example.com');
    const table = customersTable([{ name: 'Old', helper: ana, owner: ana, stage: 'New' }], {
      owner: 'singleCollaborator',
      helper: 'singleCollaborator',
      stage: 'singleSelect',
    });
    const emulator = await serve([table], { base: aBase([table], [ana]) });
    const file = await aFile(
      lines(
        'name,sms,owner,helper,stage',
        'Ann,4155550100,ana@example.com,gone@example.com,new',
        'Bo,4155550101,ana@example.com,ana@example.com,',
        'Cid,4155550102,gone@example.com,ana@example.com,',
      ),
    );

    const report = await importInto(emulator, file);

    expect(customersIn(emulator).slice(1)).toMatchObject([
      { name: 'Ann', owner: { email: 'ana@example.com' }, stage: 'New' },
      { name: 'Bo', helper: { email: 'ana@example.com' } },
    ]);
    expect(report).toMatchObject({
      created: 2,
      leftOut: [{ column: 'helper', line: 2, reason: expect.stringContaining('"helper"') }],
      rejected: [{ reason: expect.stringContaining('"owner"') }],
    });
  });

  test('reads numbers without a country code as those of the default country', async () => {
    const emulator = await crm();
    const file = await aFile(lines('name,sms', 'Ann,0151 12345678', 'Bob,+1 415 555 0100'));

    await importInto(emulator, file, { defaultCountry: 'DE' });

    expect(customersIn(emulator).map(({ sms }) => sms)).toEqual(['+4915112345678', '+14155550100']);
  });

  test('sends ten rows at a time, and reports its progress', async () => {
    const emulator = await crm([{ name: 'Old' }]);
    const { told, onProgress } = listener();

    await importInto(emulator, await customersFile(25), { onProgress });

    expect(createsOf(emulator)).toBe(3);
    expect(told).toEqual([
      { kind: 'reading', customers: 1 },
      { kind: 'importing', done: 0, total: 25 },
      { kind: 'importing', done: 10, total: 25 },
      { kind: 'importing', done: 20, total: 25 },
      { kind: 'importing', done: 25, total: 25 },
    ]);
  });

  test('stays so far below the rate limit of the base that Airtable never rejects a request', async () => {
    const emulator = await serve([customersTable(Array.from({ length: 250 }, () => ({ name: 'Old' })))], {
      limits: { requestsPerSecond: 5 },
    });

    const report = await importInto(emulator, await customersFile(100), {
      base: baseOf(emulator, { requestsPerSecond: 4 }),
    });

    expect(report).toMatchObject({ created: 100, unfinished: null });
    expect(emulator.requests.length).toBeGreaterThan(10);
    expect(emulator.requests.map(({ status }) => status)).not.toContain(429);
  });
});

describe('a second import of the same file', () => {
  test('creates nothing, rejects the same rows, and leaves changes made meanwhile', async () => {
    const emulator = await crm();
    const file = await aFile(
      lines(
        'name,sms,notes',
        ...Array.from({ length: 230 }, (_, i) => `Customer ${i},${numberOf(i)},new`),
        'Bad,12,',
      ),
    );
    const first = await importInto(emulator, file);
    emulator.edit.changeRecord('Customers', emulator.base.tables[0]?.records[7]?.id ?? '', {
      notes: 'called',
    });

    const second = await importInto(emulator, file);

    expect(first).toMatchObject({ created: 230, existing: 0 });
    expect(second).toMatchObject({
      created: 0,
      existing: 230,
      rejected: first.rejected,
      unfinished: null,
    });
    expect(customersIn(emulator)).toHaveLength(230);
    expect(customersIn(emulator)[7]).toMatchObject({ notes: 'called' });
  });

  test('finds its customers in any spelling of their names and numbers', async () => {
    const emulator = await crm([{ name: ' ann  LEE ', sms: 'tel (415) 555-0100' }], { sms: 'phoneNumber' });
    const file = await aFile(lines('name,sms', 'Ann Lee,+14155550100'));

    expect(await importInto(emulator, file)).toMatchObject({ created: 0, existing: 1, rejected: [] });
  });
});

describe('a row that cannot be used', () => {
  test('is rejected alone, with its line and every reason', async () => {
    const emulator = await crm([
      { name: 'Bob', sms: '+14155550101' },
      { whatsapp: '+14155550102' },
      { name: 'Eve', sms: '+14155550105' },
    ]);
    const [bob, nameless, eve] = (emulator.base.tables[0]?.records ?? []).map(({ id }) => id);
    const file = await aFile(
      lines(
        'name,sms,whatsapp',
        'Ann,4155550100,',
        ',12,',
        '"Cid\nthe second",,',
        'Dan,4155550101,4155550102',
        'Ann,4155550109,4155550100',
        'Fay,4155550103,,4155550104',
        'Eve,4155550105,4155550106',
        'Gus,4155550107,4155550107',
      ),
    );

    const report = await importInto(emulator, file);

    expect(report.rejected).toEqual([
      {
        line: 3,
        reason: expect.stringMatching(/^sms: "12" is not a valid phone number.*; the name is missing$/),
      },
      { line: 4, reason: 'sms and whatsapp are both blank' },
      { line: 6, reason: expect.stringMatching(`"Bob" .*${bob}.*; .* without a name .*${nameless}`) },
      { line: 7, reason: '+14155550100 is already in line 2' },
      { line: 8, reason: expect.stringContaining('4 cells') },
      { line: 9, reason: expect.stringMatching(`"Eve" .*${eve}.* without \\+14155550106`) },
    ]);
    expect(report).toMatchObject({ rows: 8, created: 2, withoutOwner: 2, existing: 0, unfinished: null });
    expect(customersIn(emulator).slice(3)).toEqual([
      { name: 'Ann', sms: '+14155550100' },
      { name: 'Gus', sms: '+14155550107', whatsapp: '+14155550107' },
    ]);
  });

  test('does not reserve its number: a later valid line may use it', async () => {
    const emulator = await crm();
    const file = await aFile(lines('name,sms', ',4155550100', 'Ann,4155550100'));

    const { rejected } = await importInto(emulator, file);

    expect(rejected).toEqual([{ line: 2, reason: 'the name is missing' }]);
    expect(customersIn(emulator)).toEqual([{ name: 'Ann', sms: '+14155550100' }]);
  });

  test('is isolated from its batch if only Airtable rejects it, and the others are created', async () => {
    const ana = aCollaborator('Ana', 'ana@example.com');
    const table = customersTable([], { owner: 'singleCollaborator' });
    const emulator = await serve([table], { base: aBase([table], [ana]) });
    const strangers = new Set([3, 11, 12, 20]);
    const rows = Array.from(
      { length: 24 },
      (_, i) => `Customer ${i},${numberOf(i)},${strangers.has(i) ? 'stranger' : 'ana'}@example.com`,
    );
    const file = await aFile(lines('name,sms,owner', ...rows.slice(0, 12), 'Zoe,12,', ...rows.slice(12)));
    const { told, onProgress } = listener();

    const report = await importInto(emulator, file, { onProgress });

    expect(report.rejected.map(({ line }) => line)).toEqual([5, 13, 14, 15, 23]);
    expect(report.rejected[0]?.reason).toContain('Field "owner" cannot accept the provided value');
    expect(report).toMatchObject({ created: 20, unfinished: null });
    expect(customersIn(emulator).map(({ name }) => name)).toEqual(
      rows.flatMap((_, i) => (strangers.has(i) ? [] : `Customer ${i}`)),
    );
    expect(told.at(-1)).toEqual({ kind: 'importing', done: 24, total: 24 });
    expect((await readFile(rejectsOf(file), 'utf8')).split('\n')).toHaveLength(7);
  });
});

/** The text of a rejects file with each reason replaced by an ellipsis. */
async function withoutReasons(path: string): Promise<string> {
  return (await readFile(path, 'utf8')).replace(/^(\d+[;,])"(?:[^"]|"")*"/gm, '$1…');
}

describe('the file of rejects', () => {
  const TORN = lines(
    '\ufeffname;sms;notes;',
    'Ann;4155550100;;',
    '"Bo ""B"" Lee; jr";12;"one\r\ntwo\rthree\n";',
    ' =1+1;@2;-3',
    'Cid;4155550101;;',
  );

  test('has the rejected rows verbatim, with line and reason in front', async () => {
    const emulator = await crm();
    const file = await aFile(TORN);

    const report = await importInto(emulator, file);

    expect(report.rejectsFile).toBe(rejectsOf(file));
    expect(await withoutReasons(rejectsOf(file))).toBe(
      lines(
        '\ufeffline;reason;name;sms;notes;',
        '3;…;"Bo ""B"" Lee; jr";12;"one\r\ntwo\rthree\n";',
        '7;…; =1+1;@2;-3',
      ),
    );
  });

  test('can be corrected and imported, and rejects rows of its own', async () => {
    const emulator = await crm();
    const file = await aFile(lines('name,sms', 'Ann,12', 'Bob,13', 'Cid,4155550102'));
    await importInto(emulator, file);
    const rejects = rejectsOf(file);
    await writeFile(rejects, (await readFile(rejects, 'utf8')).replace('Ann,12', 'Ann,4155550100'));

    const report = await importInto(emulator, rejects);

    expect(report).toMatchObject({
      created: 1,
      rejected: [{ line: 3, reason: expect.stringContaining('"13"') }],
      ignoredColumns: [],
      rejectsFile: rejectsOf(rejects),
    });
    expect(await withoutReasons(rejectsOf(rejects))).toBe(lines('\ufeffline,reason,name,sms', '3,…,Bob,13'));
  });

  test('is not written if nothing is rejected, and an older one stays', async () => {
    const emulator = await crm();
    const file = await aFile(lines('name,sms', 'Ann,4155550100'));
    await expect(importInto(emulator, file)).resolves.toMatchObject({ rejectsFile: null });
    await expect(access(rejectsOf(file))).rejects.toMatchObject({ code: 'ENOENT' });
    await writeFile(rejectsOf(file), 'mine');

    await importInto(emulator, file);

    expect(await readFile(rejectsOf(file), 'utf8')).toBe('mine');
  });

  test('is readable only by the readers of the file, and leaves no temporary file', async () => {
    const emulator = await crm();
    const file = await aFile(lines('name,sms', 'Ann,12'));
    await chmod(file, 0o400);

    await importInto(emulator, file);

    expect(await readFile(rejectsOf(file), 'utf8')).toContain('Ann,12');
    expect((await stat(rejectsOf(file))).mode & 0o777).toBe(0o600);
    expect((await readdir(dirname(file))).sort()).toEqual(['customers.csv', 'customers.rejects.csv']);
  });

  test('never overwrites corrections: the next import of the first file uses another name, and reports it', async () => {
    const emulator = await crm();
    const file = await aFile(lines('name,sms', 'Ann,12'));
    await importInto(emulator, file);
    await writeFile(rejectsOf(file), 'corrected by hand');

    const second = await importInto(emulator, file);
    const third = await importInto(emulator, file);

    const another = file.replace('.csv', '.rejects-2.csv');
    expect(await readFile(rejectsOf(file), 'utf8')).toBe('corrected by hand');
    expect([second.rejectsFile, third.rejectsFile]).toEqual([another, another]);
    expect(await readFile(another, 'utf8')).toContain('Ann,12');
  });

  test('follows no link, neither at its own path nor at that of its draft', async () => {
    const emulator = await crm();
    const file = await aFile(lines('name,sms', 'Ann,12'));
    const victim = await aFile('precious', 'victim.txt');
    await symlink(victim, rejectsOf(file));
    await symlink(victim, `${rejectsOf(file)}.tmp`);

    const { rejectsFile } = await importInto(emulator, file);

    expect(await readFile(victim, 'utf8')).toBe('precious');
    expect(rejectsFile).toBe(file.replace('.csv', '.rejects-2.csv'));
    expect((await lstat(rejectsOf(file))).isSymbolicLink()).toBe(true);
  });
});

describe('an import that cannot be made', () => {
  test('writes nothing and reports the fix: the table', async () => {
    const file = await aFile(lines('name,sms', 'Ann,12'));
    const message = async (emulator: Awaited<ReturnType<typeof crm>>) =>
      importInto(emulator, file).catch((error: Error) => `${error.name}: ${error.message}`);

    expect(await message(await serve([]))).toBe(
      'Misconfigured: The base has no table Customers: npx frontline setup creates it',
    );
    expect(await message(await crm([], { sms: null, whatsapp: null }))).toContain(
      'has no column "sms", "whatsapp"',
    );
    await expect(access(rejectsOf(file))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('creates no customer if the rejects cannot be written', async () => {
    const emulator = await crm();
    const file = await aFile(lines('name,sms', 'Ann,12', 'Bob,4155550100'));

    const imported = importInto(emulator, file, {
      onProgress: ({ kind }) => {
        if (kind === 'reading') rmSync(dirname(file), { recursive: true, force: true });
      },
    });

    await expect(imported).rejects.toMatchObject({
      name: 'Misconfigured',
      message: expect.stringContaining('customers.rejects.csv cannot be written'),
    });
    expect(customersIn(emulator)).toEqual([]);
  });
});

describe('a file as products export it', () => {
  test.each<[product: string, text: string, fields: object]>([
    [
      'Excel, with sep= and numbers kept as text',
      '\ufeffsep=;\r\nName;SMS;Owner;Notes\r\n="Zoë Eq";="+14155550239";="ana";\r\n',
      { name: 'Zoë Eq', sms: '+14155550239', owner: 'ana' },
    ],
    [
      'Outlook, which leaves blank cells at the end out',
      '"Name","SMS","Owner","E-mail","Notes"\r\n"Lee, Ann","(415) 555-0239","ana"\r\n',
      { name: 'Lee, Ann', sms: '+14155550239', owner: 'ana' },
    ],
    [
      'HubSpot, with a column that the base lacks',
      'Record ID,Name,SMS,Owner,Lifecycle Stage\n"123","Ann","14155550239","ana","lead"\n',
      { name: 'Ann', sms: '+14155550239', owner: 'ana' },
    ],
    [
      'Airtable, with a currency, a date, a duration and files',
      'name,sms,owner,deal,since,took,avatar\n' +
        'Ann,+14155550239,ana,"$1,234.50",5/31/2026,1:30,"ann.png (https://a.b/c.png)"\n',
      { name: 'Ann', deal: 1234.5, since: '2026-05-31', took: 5400 },
    ],
  ])('%s', async (_product, text, fields) => {
    const emulator = await crm([], {
      deal: 'currency',
      since: 'date',
      took: 'duration',
      avatar: 'multipleAttachments',
    });

    const report = await importInto(emulator, await aFile(text));

    expect(report).toMatchObject({ created: 1, rejected: [], leftOut: [] });
    expect(customersIn(emulator)).toEqual([expect.objectContaining(fields)]);
  });

  test('with an optional cell of five million characters creates the customer without it', async () => {
    const emulator = await crm();
    const file = await aFile(
      lines('name,sms,notes', `Ann,4155550100,${'x'.repeat(5_000_000)}`, 'Bob,4155550101,'),
    );

    const report = await importInto(emulator, file);

    expect(report).toMatchObject({ created: 2, unfinished: null, leftOut: [{ column: 'notes', line: 2 }] });
  });

  test('with long texts is created in requests that Airtable accepts', async () => {
    const emulator = await crm([], { one: 'multilineText', two: 'multilineText' });
    const long = 'x'.repeat(90_000);
    const rows = Array.from(
      { length: 12 },
      (_, index) => `C${index},${numberOf(index)},${long},${long},${long}`,
    );

    const report = await importInto(emulator, await aFile(lines('name,sms,notes,one,two', ...rows)));

    expect(report).toMatchObject({ created: 12, rejected: [], unfinished: null });
  });
});
