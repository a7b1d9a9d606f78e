import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { ask, pagesOf } from './requests';
import { anOkta, aSamlApplication } from './serve';

const PEOPLE = [
  { login: 'ana@example.com', email: 'shared@example.com' },
  { login: 'bo@example.com', email: 'shared@example.com', status: 'DEPROVISIONED' as const },
  { login: 'cy "or" d', email: 'cy@example.com' },
];

const filtered = (expression: string) => `/users?filter=${encodeURIComponent(expression)}`;
const Logins = v.array(v.object({ profile: v.object({ login: v.string() }) }));
const Names = v.array(v.object({ profile: v.object({ name: v.string() }) }));

describe('people', () => {
  test.each([
    ['profile.login eq "ANA@example.com"', ['ana@example.com']],
    ['profile.login eq "x" or profile.email eq "shared@example.com"', ['ana@example.com', 'bo@example.com']],
    ['profile.login eq "cy \\"or\\" d"', ['cy "or" d']],
    ['status eq "DEPROVISIONED"', ['bo@example.com']],
    ['profile.login eq "nobody"', []],
  ])('are found by %s', async (expression, logins) => {
    const okta = await anOkta({ people: PEOPLE });

    const { body } = await ask(okta, 'GET', filtered(expression));

    expect(v.parse(Logins, body).map(({ profile }) => profile.login)).toEqual(logins);
  });

  test.each(['profile.login = "x"', 'profile.shoeSize eq "42"', 'profile.login eq x'])(
    'cannot be searched by %s',
    async (expression) => {
      const okta = await anOkta({ people: PEOPLE });

      expect(await ask(okta, 'GET', filtered(expression))).toMatchObject({
        status: 400,
        body: { errorCode: 'E0000031' },
      });
    },
  );

  test('are listed without deactivated ones', async () => {
    const okta = await anOkta({ people: PEOPLE });

    const { body } = await ask(okta, 'GET', '/users');

    expect(v.parse(Logins, body)).toHaveLength(2);
  });

  test('keep the fields that a partial change of their profile omits', async () => {
    const okta = await anOkta({ people: PEOPLE });
    const { id } = okta.person('ana@example.com');

    await ask(okta, 'POST', `/users/${id}`, { profile: { userType: 'agent' } });

    expect(okta.person('ana@example.com').profile).toMatchObject({
      email: 'shared@example.com',
      firstName: 'ana',
      userType: 'agent',
    });
  });

  test('are not changed by a profile with an unknown field', async () => {
    const okta = await anOkta({ people: PEOPLE });
    const { id, profile } = okta.person('ana@example.com');

    const response = await ask(okta, 'POST', `/users/${id}`, { profile: { usertype: 'agent' } });

    expect(response).toMatchObject({ status: 400, body: { errorCode: 'E0000001' } });
    expect(okta.person('ana@example.com').profile).toEqual(profile);
  });
});

test('groups are found by prefix, exact matches first', async () => {
  const okta = await anOkta({ groups: [{ name: 'Sales East' }, { name: 'Sales' }, { name: 'Support' }] });

  const { body } = await ask(okta, 'GET', '/groups?q=sales');

  expect(v.parse(Names, body).map(({ profile }) => profile.name)).toEqual(['Sales', 'Sales East']);
});

describe('lists', () => {
  test('come in pages of the requested size, with links', async () => {
    const okta = await anOkta();
    for (const _ of Array(5)) okta.addApplication(aSamlApplication());

    const pages = await pagesOf(okta, '/apps?limit=2');

    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
    expect(pages.flat()).toEqual(okta.applications().map(({ id }) => id));
  });

  test("come in pages within the organisation's limit, regardless of the request", async () => {
    const people = ['a', 'b', 'c'].map((login) => ({ login }));
    const okta = await anOkta({
      people,
      groups: [{ name: 'All', members: ['a', 'b', 'c'] }],
      largestPage: 2,
    });
    const { body } = await ask(okta, 'GET', '/groups?q=All');
    const [group] = v.parse(v.array(v.object({ id: v.string() })), body);

    const pages = await pagesOf(okta, `/groups/${group?.id}/users?limit=200`);

    expect(pages.map(({ length }) => length)).toEqual([2, 1]);
  });

  test.each(['limit=0', 'limit=many', 'after=nothing'])('are rejected with %s', async (query) => {
    const okta = await anOkta();

    expect(await ask(okta, 'GET', `/users?${query}`)).toMatchObject({ status: 400 });
  });
});
