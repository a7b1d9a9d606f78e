import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../lambdas/errors/errors';
import type { AirtableStandIn, TableData } from '../../../local/airtable/airtable-stand-in';
import { aTable, customersTable } from '../../../local/airtable/base-data';
import { describeToken, describeTokens, listBases } from '../../../operations/airtable/token';
import { tokenLimits, tokenProblems } from '../../../operations/airtable/token-problems';
import { serve, TOKEN } from '../../local/airtable/serve';
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
const describeIt = (standIn: AirtableStandIn, tryWriting = true) =>
  describeToken(accessTo(standIn), { tryWriting, pacing: FAST });

async function problemsOf(
  standIn: AirtableStandIn,
  needs: readonly ('records' | 'schema')[] = ['records', 'schema'],
) {
  const use = { variable: 'AIRTABLE_API_KEY', baseId: standIn.base.id, needs };
  return tokenProblems(await describeIt(standIn), use).map(({ what, remedy }) => `${what}. ${remedy}`);
}

describe('a token with base and scopes', () => {
  test('may do everything, and lacks nothing', async () => {
    const standIn = await withScopes(ALL);

    expect(await describeIt(standIn)).toMatchObject({
      isKnown: true,
      mayReadSchema: true,
      mayReadRecords: true,
      mayWriteRecords: true,
      triedTable: 'Customers',
    });
    expect(await problemsOf(standIn)).toEqual([]);
  });

  test('is found out about without changing anything', async () => {
    const standIn = await withScopes(ALL);
    const before = structuredClone(standIn.base);

    await describeIt(standIn);

    expect(standIn.base).toEqual(before);
  });

  test('is asked to write nothing where that is not wanted', async () => {
    const standIn = await withScopes(ALL);

    expect(await describeIt(standIn, false)).toMatchObject({ mayReadRecords: true, mayWriteRecords: null });
    expect(
      standIn.requests.every(({ method, path }) => method === 'GET' || path.endsWith('/listRecords')),
    ).toBe(true);
  });

  test('is tried on another table where there is no Customers yet', async () => {
    const standIn = await withScopes(ALL, [aTable('Table 1', { Name: 'singleLineText' }, [])]);

    expect(await describeIt(standIn)).toMatchObject({ mayWriteRecords: true, triedTable: 'Table 1' });
  });

  test('is not tried on records where the base has no table', async () => {
    const standIn = await withScopes(ALL, []);

    expect(await describeIt(standIn)).toMatchObject({ mayReadRecords: null, mayWriteRecords: null });
    expect(await problemsOf(standIn)).toEqual([]);
  });
});

describe('what a token lacks is named, with the place to give it', () => {
  test('everything, where Airtable does not know it', async () => {
    const standIn = await serve([customersTable([])], { tokens: [{ token: 'patOther' }] });

    const problems = await problemsOf(standIn);

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
    const standIn = await withScopes(scopes);

    expect(await problemsOf(standIn)).toEqual([
      expect.stringMatching(
        new RegExp(`lacks the scope ${scope}\\..*Scopes > Add a scope > ${scope} > Save changes`),
      ),
    ]);
  });

  test('both scopes for records', async () => {
    const standIn = await withScopes(['schema.bases:read']);

    expect(await problemsOf(standIn)).toEqual([
      expect.stringContaining('lacks the scopes data.records:read and data.records:write'),
    ]);
  });

  test('the base, and which it sees', async () => {
    const standIn = await withScopes(ALL);
    const access = { ...accessTo(standIn), baseId: 'appAnother' };
    const token = await describeToken(access, { tryWriting: true, pacing: FAST });
    const use = { variable: 'AIRTABLE_API_KEY', baseId: 'appAnother', needs: ['records'] } as const;

    expect(tokenProblems(token, use)).toEqual([
      {
        what: `The token in AIRTABLE_API_KEY does not see the base appAnother; it sees ${standIn.base.id} (Frontline)`,
        remedy: expect.stringContaining('Correct AIRTABLE_BASE_ID, or give the token the base'),
      },
    ]);
  });

  test('the base or the scopes or the table, where Airtable does not tell which', async () => {
    const standIn = await withScopes(RECORDS, [aTable('Clients', { name: 'singleLineText' }, [])]);

    expect(await problemsOf(standIn, ['records'])).toEqual([
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
    const standIn = await serve([customersTable([])], { tokens: [{ token: 'patOther' }] });

    expect(tokenLimits(await describeIt(standIn), 'AIRTABLE_API_KEY')).toEqual([]);
  });
});

test('an Airtable that does not answer says nothing of the token', async () => {
  const standIn = await withScopes(ALL);
  standIn.faults.always({ kind: 'monthly-quota' });

  await expect(describeIt(standIn)).rejects.toThrow(Unavailable);
});

describe('the bases to choose from', () => {
  test('are those that the token sees', async () => {
    const standIn = await withScopes(ALL);

    expect(await listBases(accessTo(standIn), FAST)).toEqual([{ id: standIn.base.id, name: 'Frontline' }]);
  });

  test('are not known where the token may not say', async () => {
    const standIn = await withScopes(RECORDS);

    expect(await listBases(accessTo(standIn), FAST)).toBeNull();
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
  const describeBoth = ({ url, base }: AirtableStandIn, setupApiKey = SETUP) =>
    describeTokens(
      { url, baseId: base.id },
      { apiKey: TOKEN, setupApiKey },
      { tryWriting: true, pacing: FAST },
    );

  test('lack nothing on a base without tables, on which the service’s cannot be tried yet', async () => {
    const standIn = await two([]);

    const { service, setup } = await describeBoth(standIn);

    expect(service).toMatchObject({ mayReadRecords: null, mayWriteRecords: null });
    expect(setup.mayReadSchema).toBe(true);
    const use = { variable: 'AIRTABLE_API_KEY', baseId: standIn.base.id, needs: ['records'] } as const;
    expect(tokenProblems(service, use)).toEqual([]);
  });

  test('are each tried for what they are for', async () => {
    const { service, setup } = await describeBoth(await two([customersTable([{ name: 'Ann' }])]));

    expect(service).toMatchObject({ mayReadRecords: true, mayWriteRecords: true, mayReadSchema: false });
    expect(setup).toMatchObject({ mayReadSchema: true, mayReadRecords: false });
  });

  test('are looked at once where they are one', async () => {
    const standIn = await withScopes(ALL);

    const { service, setup } = await describeBoth(standIn, TOKEN);

    expect(setup).toBe(service);
  });
});
