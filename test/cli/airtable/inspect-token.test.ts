import { describe, expect, test } from '@jest/globals';
import { describeToken, describeTokens, listBases } from '../../../cli/airtable/inspect-token';
import { tokenLimits, tokenProblems } from '../../../cli/airtable/token-problems';
import type { AirtableEmulator, TableData } from '../../../emulators/airtable/airtable-emulator';
import { aTable, customersTable } from '../../../emulators/airtable/base-data';
import { ServiceUnavailableError } from '../../../lambdas/errors';
import { serve, TOKEN } from '../../emulators/airtable/serve';
import { accessTo, FAST } from './team';

const ALL = [
  'data.records:read',
  'data.records:write',
  'schema.bases:read',
  'schema.bases:write',
  'webhook:manage',
];
const RECORDS = ['data.records:read', 'data.records:write'];

const withScopes = (scopes: readonly string[], tables: TableData[] = [customersTable([{ name: 'Ann' }])]) =>
  serve(tables, { tokens: [{ token: TOKEN, scopes }] });
const describeIt = (emulator: AirtableEmulator, tryWriting = true) =>
  describeToken(accessTo(emulator), { tryWriting, pacing: FAST });

async function problemsOf(
  emulator: AirtableEmulator,
  needs: readonly ('records' | 'schema')[] = ['records', 'schema'],
) {
  const use = { variable: 'AIRTABLE_API_KEY', baseId: emulator.base.id, needs };
  return tokenProblems(await describeIt(emulator), use).map(({ what, remedy }) => `${what}. ${remedy}`);
}

describe('a token with base and scopes', () => {
  test('may do everything, and lacks nothing', async () => {
    const emulator = await withScopes(ALL);

    expect(await describeIt(emulator)).toMatchObject({
      isKnown: true,
      mayReadSchema: true,
      mayReadRecords: true,
      mayWriteRecords: true,
      triedTable: 'Customers',
    });
    expect(await problemsOf(emulator)).toEqual([]);
  });

  test('is found out about without changing anything', async () => {
    const emulator = await withScopes(ALL);
    const before = structuredClone(emulator.base);

    await describeIt(emulator);

    expect(emulator.base).toEqual(before);
  });

  test('is asked to write nothing where that is not wanted', async () => {
    const emulator = await withScopes(ALL);

    expect(await describeIt(emulator, false)).toMatchObject({ mayReadRecords: true, mayWriteRecords: null });
    expect(
      emulator.requests.every(({ method, path }) => method === 'GET' || path.endsWith('/listRecords')),
    ).toBe(true);
  });

  test('is tried on another table where there is no Customers yet', async () => {
    const emulator = await withScopes(ALL, [aTable('Table 1', { Name: 'singleLineText' }, [])]);

    expect(await describeIt(emulator)).toMatchObject({ mayWriteRecords: true, triedTable: 'Table 1' });
  });

  test('is not tried on records where the base has no table', async () => {
    const emulator = await withScopes(ALL, []);

    expect(await describeIt(emulator)).toMatchObject({ mayReadRecords: null, mayWriteRecords: null });
    expect(await problemsOf(emulator)).toEqual([]);
  });
});

describe('what a token lacks is named, with the place to give it', () => {
  test('everything, where Airtable does not know it', async () => {
    const emulator = await serve([customersTable([])], { tokens: [{ token: 'patOther' }] });

    const problems = await problemsOf(emulator);

    expect(problems).toEqual([
      expect.stringMatching(/does not know the token in AIRTABLE_API_KEY.*Create new token/),
    ]);
    expect(problems.join()).not.toContain(TOKEN);
  });

  test.each([
    ['data.records:write', ALL.filter((scope) => scope !== 'data.records:write')],
    ['data.records:read', ALL.filter((scope) => scope !== 'data.records:read')],
    ['schema.bases:read', RECORDS],
  ])('the scope %s', async (scope, scopes) => {
    const emulator = await withScopes(scopes);

    expect(await problemsOf(emulator)).toEqual([
      expect.stringMatching(
        new RegExp(`lacks the scope ${scope}\\..*Scopes > Add a scope > ${scope} > Save changes`),
      ),
    ]);
  });

  test('both scopes for records', async () => {
    const emulator = await withScopes(['schema.bases:read']);

    expect(await problemsOf(emulator)).toEqual([
      expect.stringContaining('lacks the scopes data.records:read and data.records:write'),
    ]);
  });

  test('the base, and which it sees', async () => {
    const emulator = await withScopes(ALL);
    const access = { ...accessTo(emulator), baseId: 'appAnother' };
    const token = await describeToken(access, { tryWriting: true, pacing: FAST });
    const use = { variable: 'AIRTABLE_API_KEY', baseId: 'appAnother', needs: ['records'] } as const;

    expect(tokenProblems(token, use)).toEqual([
      {
        what: `The token in AIRTABLE_API_KEY does not see the base appAnother; it sees ${emulator.base.id} (Frontline)`,
        remedy: expect.stringContaining('Correct AIRTABLE_BASE_ID, or give the token the base'),
      },
    ]);
  });

  test('the base or the scopes or the table, where Airtable does not tell which', async () => {
    const emulator = await withScopes(RECORDS, [aTable('Clients', { name: 'singleLineText' }, [])]);

    expect(await problemsOf(emulator, ['records'])).toEqual([
      expect.stringMatching(
        /no access to the table Customers.*Add a scope.*Add a base.*no table of this name/,
      ),
    ]);
  });

  test('and not what it is not used for', async () => {
    expect(await problemsOf(await withScopes(RECORDS), ['records'])).toEqual([]);
    expect(await problemsOf(await withScopes(['schema.bases:read']), ['schema'])).toEqual([]);
  });
});

describe('what the service does without, for want of a scope', () => {
  const limitsOf = async (scopes: readonly string[]) =>
    tokenLimits(await describeIt(await withScopes(scopes)), 'AIRTABLE_API_KEY');

  test('is nothing with every scope, also without the one for set-up', async () => {
    expect(await limitsOf(ALL)).toEqual([]);
    expect(await limitsOf(ALL.filter((scope) => scope !== 'schema.bases:write'))).toEqual([]);
  });

  test('is to find a changed table without asking, where only schema.bases:read is missing', async () => {
    const [limit, ...others] = await limitsOf(ALL.filter((scope) => !scope.startsWith('schema')));

    expect(others).toEqual([]);
    expect(limit?.what).toMatch(/lacks the scope schema\.bases:read, .* costs more requests to Airtable$/);
    expect(limit?.remedy).toMatch(/Add a scope > schema\.bases:read > Save changes$/);
  });

  test.each([
    ['webhook:manage', ALL.filter((scope) => scope !== 'webhook:manage')],
    ['webhook:manage and schema.bases:read', RECORDS],
  ])('is to see changes within seconds without %s, and is no problem', async (list, scopes) => {
    const [limit, ...others] = await limitsOf(scopes);

    expect(others).toEqual([]);
    expect(limit?.what).toMatch(
      new RegExp(`lacks the scopes? ${list}, .* every few hours, and not within seconds`),
    );
    expect(limit?.remedy).toMatch(new RegExp(`Add a scope > ${list} > Save changes.*creator of the base`));
    expect(await problemsOf(await withScopes(scopes), ['records'])).toEqual([]);
  });

  test('is not told of a token that Airtable does not know: that is a problem', async () => {
    const emulator = await serve([customersTable([])], { tokens: [{ token: 'patOther' }] });

    expect(tokenLimits(await describeIt(emulator), 'AIRTABLE_API_KEY')).toEqual([]);
  });
});

test('an Airtable that does not answer says nothing of the token', async () => {
  const emulator = await withScopes(ALL);
  emulator.faults.always({ kind: 'monthly-quota' });

  await expect(describeIt(emulator)).rejects.toThrow(ServiceUnavailableError);
});

describe('the bases to choose from', () => {
  test('are those that the token sees', async () => {
    const emulator = await withScopes(ALL);

    expect(await listBases(accessTo(emulator), FAST)).toEqual([{ id: emulator.base.id, name: 'Frontline' }]);
  });

  test('are not known where the token may not say', async () => {
    const emulator = await withScopes(RECORDS);

    expect(await listBases(accessTo(emulator), FAST)).toBeNull();
  });
});

describe('two tokens, one for the service and one for set-up', () => {
  const SETUP = 'patSetUp.0123';
  const two = (tables: TableData[]) =>
    serve(tables, {
      tokens: [
        { token: TOKEN, scopes: RECORDS },
        { token: SETUP, scopes: ['schema.bases:read', 'schema.bases:write'] },
      ],
    });
  const describeBoth = ({ url, base }: AirtableEmulator, setupApiKey = SETUP) =>
    describeTokens(
      { url, baseId: base.id },
      { apiKey: TOKEN, setupApiKey },
      { tryWriting: true, pacing: FAST },
    );

  test('lack nothing on a base without tables, on which the service’s cannot be tried yet', async () => {
    const emulator = await two([]);

    const { service, setup } = await describeBoth(emulator);

    expect(service).toMatchObject({ mayReadRecords: null, mayWriteRecords: null });
    expect(setup.mayReadSchema).toBe(true);
    const use = { variable: 'AIRTABLE_API_KEY', baseId: emulator.base.id, needs: ['records'] } as const;
    expect(tokenProblems(service, use)).toEqual([]);
  });

  test('are each tried for what they are for', async () => {
    const { service, setup } = await describeBoth(await two([customersTable([{ name: 'Ann' }])]));

    expect(service).toMatchObject({ mayReadRecords: true, mayWriteRecords: true, mayReadSchema: false });
    expect(setup).toMatchObject({ mayReadSchema: true, mayReadRecords: false });
  });

  test('are looked at once where they are one', async () => {
    const emulator = await withScopes(ALL);

    const { service, setup } = await describeBoth(emulator, TOKEN);

    expect(setup).toBe(service);
  });
});
