import { describe, expect, test } from '@jest/globals';
import {
  describeToken,
  describeTokens,
  listBases,
  tokenLimits,
  tokenProblems,
} from '../../../cli/airtable/inspect-token';
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
  return tokenProblems(await describeIt(emulator), use).map(({ what, fix }) => `${what}. ${fix}`);
}

describe('a token with base and scopes', () => {
  test('has every permission and no problem', async () => {
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

  test('is inspected without changing anything', async () => {
    const emulator = await withScopes(ALL);
    const before = structuredClone(emulator.base);

    await describeIt(emulator);

    expect(emulator.base).toEqual(before);
  });

  test('sends no write if that is not requested', async () => {
    const emulator = await withScopes(ALL);

    expect(await describeIt(emulator, false)).toMatchObject({ mayReadRecords: true, mayWriteRecords: null });
    expect(
      emulator.requests.every(({ method, path }) => method === 'GET' || path.endsWith('/listRecords')),
    ).toBe(true);
  });

  test('is tested on another table if there is no Customers yet', async () => {
    const emulator = await withScopes(ALL, [aTable('Table 1', { Name: 'singleLineText' }, [])]);

    expect(await describeIt(emulator)).toMatchObject({ mayWriteRecords: true, triedTable: 'Table 1' });
  });

  test('is not tested on records if the base has no table', async () => {
    const emulator = await withScopes(ALL, []);

    expect(await describeIt(emulator)).toMatchObject({ mayReadRecords: null, mayWriteRecords: null });
    expect(await problemsOf(emulator)).toEqual([]);
  });
});

describe('missing access is named, with the page to grant it', () => {
  test('everything, if Airtable does not know the token', async () => {
    const emulator = await serve([customersTable([])], { tokens: [{ token: 'patOther' }] });

    const problems = await problemsOf(emulator);

    expect(problems).toEqual([expect.stringMatching(/the token in AIRTABLE_API_KEY.*Create new token/)]);
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

  test('the base, with the bases that it can access', async () => {
    const emulator = await withScopes(ALL);
    const access = { ...accessTo(emulator), baseId: 'appAnother' };
    const token = await describeToken(access, { tryWriting: true, pacing: FAST });
    const use = { variable: 'AIRTABLE_API_KEY', baseId: 'appAnother', needs: ['records'] } as const;

    expect(tokenProblems(token, use)).toEqual([
      {
        what: `The token in AIRTABLE_API_KEY has no access to the base appAnother, only to ${emulator.base.id} (Frontline)`,
        fix: expect.stringContaining('Correct AIRTABLE_BASE_ID, or give the token the base'),
      },
    ]);
  });

  test('the base, the scopes or the table, if Airtable does not say which', async () => {
    const emulator = await withScopes(RECORDS, [aTable('Clients', { name: 'singleLineText' }, [])]);

    expect(await problemsOf(emulator, ['records'])).toEqual([
      expect.stringMatching(
        /no access to the table Customers.*Add a scope.*Add a base.*no table of this name/,
      ),
    ]);
  });

  test('but not access that is not needed', async () => {
    expect(await problemsOf(await withScopes(RECORDS), ['records'])).toEqual([]);
    expect(await problemsOf(await withScopes(['schema.bases:read']), ['schema'])).toEqual([]);
  });
});

describe('features that are off because a scope is missing', () => {
  const limitsOf = async (scopes: readonly string[]) =>
    tokenLimits(await describeIt(await withScopes(scopes)), 'AIRTABLE_API_KEY');

  test('none with every scope, also without the one for setup', async () => {
    expect(await limitsOf(ALL)).toEqual([]);
    expect(await limitsOf(ALL.filter((scope) => scope !== 'schema.bases:write'))).toEqual([]);
  });

  test('detecting a changed table, if only schema.bases:read is missing', async () => {
    const [limit, ...others] = await limitsOf(ALL.filter((scope) => !scope.startsWith('schema')));

    expect(others).toEqual([]);
    expect(limit?.what).toMatch(/lacks the scope schema\.bases:read, .* costs more requests to Airtable$/);
    expect(limit?.fix).toMatch(/Add a scope > schema\.bases:read > Save changes$/);
  });

  test.each([
    ['webhook:manage', ALL.filter((scope) => scope !== 'webhook:manage')],
    ['webhook:manage and schema.bases:read', RECORDS],
  ])('seeing changes within seconds without %s, which is not a problem', async (list, scopes) => {
    const [limit, ...others] = await limitsOf(scopes);

    expect(others).toEqual([]);
    expect(limit?.what).toMatch(new RegExp(`lacks the scopes? ${list}, .* every few hours`));
    expect(limit?.fix).toMatch(new RegExp(`Add a scope > ${list} > Save changes.*creator of the base`));
    expect(await problemsOf(await withScopes(scopes), ['records'])).toEqual([]);
  });

  test('none for a token that Airtable does not know, because that is a problem', async () => {
    const emulator = await serve([customersTable([])], { tokens: [{ token: 'patOther' }] });

    expect(tokenLimits(await describeIt(emulator), 'AIRTABLE_API_KEY')).toEqual([]);
  });
});

test('an Airtable that does not respond leaves the token unknown', async () => {
  const emulator = await withScopes(ALL);
  emulator.faults.always({ kind: 'monthly-quota' });

  await expect(describeIt(emulator)).rejects.toThrow(ServiceUnavailableError);
});

describe('the bases to choose from', () => {
  test('are those that the token can access', async () => {
    const emulator = await withScopes(ALL);

    expect(await listBases(accessTo(emulator), FAST)).toEqual([{ id: emulator.base.id, name: 'Frontline' }]);
  });

  test('are unknown if the token may not list them', async () => {
    const emulator = await withScopes(RECORDS);

    expect(await listBases(accessTo(emulator), FAST)).toBeNull();
  });
});

describe('two tokens, one for the service and one for setup', () => {
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

  test('have no problem on a base without tables, where the service’s cannot be tested yet', async () => {
    const emulator = await two([]);

    const { service, setup } = await describeBoth(emulator);

    expect(service).toMatchObject({ mayReadRecords: null, mayWriteRecords: null });
    expect(setup.mayReadSchema).toBe(true);
    const use = { variable: 'AIRTABLE_API_KEY', baseId: emulator.base.id, needs: ['records'] } as const;
    expect(tokenProblems(service, use)).toEqual([]);
  });

  test('are each tested for their own use', async () => {
    const { service, setup } = await describeBoth(await two([customersTable([{ name: 'Ann' }])]));

    expect(service).toMatchObject({ mayReadRecords: true, mayWriteRecords: true, mayReadSchema: false });
    expect(setup).toMatchObject({ mayReadSchema: true, mayReadRecords: false });
  });

  test('are inspected once if they are the same', async () => {
    const emulator = await withScopes(ALL);

    const { service, setup } = await describeBoth(emulator, TOKEN);

    expect(setup).toBe(service);
  });
});
