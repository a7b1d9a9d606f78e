import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import type { OktaEmulator } from './okta-emulator';
import { CERTIFICATE } from './saml-metadata';
import { anOkta, aSamlApplication, TOKEN } from './serve';

const PEOPLE = [
  { login: 'ana@example.com', email: 'shared@example.com' },
  { login: 'bo@example.com', email: 'shared@example.com', status: 'DEPROVISIONED' as const },
  { login: 'cy "or" d', email: 'cy@example.com' },
];
const filtered = (expression: string) => `/users?filter=${encodeURIComponent(expression)}`;
const Identified = v.array(v.object({ id: v.string() }));
const Profiles = v.array(v.object({ profile: v.looseObject({}) }));

/** A request as any client of Okta sends it. @param path after `/api/v1` */
async function call(okta: OktaEmulator, method: string, path: string, body?: object, token = TOKEN) {
  const response = await fetch(`${okta.url}/api/v1${path}`, {
    method,
    headers: { authorization: `SSWS ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    redirect: 'manual',
  });
  const { status, headers } = response;
  const isJson = headers.get('content-type')?.startsWith('application/json') === true;
  const content: unknown = isJson ? await response.json() : await response.text();
  return { status, headers, body: content };
}

/** The ids of each page of a list, read by following its links. */
async function pagesOf(okta: OktaEmulator, path: string): Promise<readonly (readonly string[])[]> {
  const { headers, body } = await call(okta, 'GET', path);
  const ids = v.parse(v.array(v.looseObject({ id: v.string() })), body).map(({ id }) => id);
  const [, next] = /<[^>]+\/api\/v1(\/[^>]+)>; rel="next"/.exec(headers.get('link') ?? '') ?? [];
  return next === undefined ? [ids] : [ids, ...(await pagesOf(okta, next))];
}

describe('a SAML application', () => {
  test('is created active, with an id, a name, a signing key and null for a blank relay state', async () => {
    const okta = await anOkta();

    const { status, body } = await call(okta, 'POST', '/apps?activate=true', aSamlApplication());

    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^0oa\w{17}$/),
      name: 'acme_examplecustomsaml20app_1',
      status: 'ACTIVE',
      credentials: {
        userNameTemplate: { template: `\${source.login}`, type: 'BUILT_IN' },
        signing: { kid: expect.any(String) },
      },
      settings: { signOn: { defaultRelayState: null } },
    });
  });

  test.each([
    ['an invalid address', { ssoAcsUrl: 'acs' }, 'settings.signOn.ssoAcsUrl: must be a URL'],
    [
      'neither response nor assertion signed',
      { responseSigned: false, assertionSigned: false },
      'settings.signOn: the response or the assertion must be signed',
    ],
    [
      'an attribute in an unknown format',
      { attributeStatements: [{ type: 'EXPRESSION', name: 'email', namespace: 'basic' }] },
      'settings.signOn.attributeStatements.0.namespace: is not an attribute name format',
    ],
  ])('is rejected with %s', async (_what, signOn, errorSummary) => {
    const okta = await anOkta();

    const { status, body } = await call(okta, 'POST', '/apps', aSamlApplication(signOn));

    expect(status).toBe(400);
    expect(body).toMatchObject({ errorCode: 'E0000001', errorCauses: [{ errorSummary }] });
    expect(okta.applications()).toEqual([]);
  });

  test('is replaced whole: omitted parts are reset, except its id, name and status', async () => {
    const okta = await anOkta();
    const before = okta.addApplication(aSamlApplication({ inlineHooks: [{ id: 'cal1' }] }), false);

    await call(okta, 'PUT', `/apps/${before.id}`, { ...aSamlApplication(), label: 'Another' });

    const [after] = okta.applications();
    expect(after).toMatchObject({ id: before.id, name: before.name, status: 'INACTIVE', label: 'Another' });
    expect(after?.settings.signOn).not.toHaveProperty('inlineHooks');
    await call(okta, 'POST', `/apps/${before.id}/lifecycle/activate`);
    expect(okta.applications()).toMatchObject([{ status: 'ACTIVE' }]);
  });

  test('has metadata for its signing key only', async () => {
    const okta = await anOkta();
    const { id, credentials } = okta.addApplication(aSamlApplication());
    const metadata = (query: string) => call(okta, 'GET', `/apps/${id}/sso/saml/metadata${query}`);

    const { headers, body } = await metadata(`?kid=${credentials.signing.kid}`);

    expect(headers.get('content-type')).toBe('application/xml');
    expect(body).toContain(`<ds:X509Certificate>${CERTIFICATE}</ds:X509Certificate>`);
    expect(body).toMatch(/entityID="http:\/\/www\.okta\.com\/exk\w{17}"/);
    expect(body).toMatch(/HTTP-POST" Location="http:\/\/[^/]+\/app\/acme_\w+\/exk\w{17}\/sso\/saml"/);
    expect([(await metadata('')).status, (await metadata('?kid=another')).status]).toEqual([400, 404]);
  });
});

describe('assignments', () => {
  test('are of people and of groups with their members', async () => {
    const okta = await anOkta({
      people: [{ login: 'ana@example.com' }, { login: 'bo@example.com' }],
      groups: [{ name: 'Sales', members: ['ana@example.com', 'bo@example.com'] }],
    });
    const { id } = okta.addApplication(aSamlApplication());
    const ana = okta.person('ana@example.com').id;
    const [group] = v.parse(Identified, (await call(okta, 'GET', '/groups?q=Sales')).body);

    await call(okta, 'POST', `/apps/${id}/users`, { id: ana, scope: 'USER' });
    await call(okta, 'PUT', `/apps/${id}/groups/${group?.id}`, {});
    await call(okta, 'POST', `/apps/${id}/users`, { id: ana, scope: 'USER' });

    expect(okta.assigned(id)).toEqual({ people: ['ana@example.com'], groups: ['Sales'] });
    expect((await call(okta, 'GET', `/apps/${id}/users`)).body).toMatchObject([
      { scope: 'USER', credentials: { userName: 'ana@example.com' } },
      { scope: 'GROUP', credentials: { userName: 'bo@example.com' } },
    ]);
  });

  test('of a person who does not exist are rejected', async () => {
    const okta = await anOkta();
    const { id } = okta.addApplication(aSamlApplication());

    const response = await call(okta, 'POST', `/apps/${id}/users`, { id: '00uUnknown' });

    const errorSummary = 'Not found: Resource not found: 00uUnknown (User)';
    expect(response).toMatchObject({ status: 404, body: { errorCode: 'E0000007', errorSummary } });
  });
});

describe('people', () => {
  test.each([
    ['profile.login eq "ANA@example.com"', ['ana@example.com']],
    ['profile.login eq "x" or profile.email eq "shared@example.com"', ['ana@example.com', 'bo@example.com']],
    ['profile.login eq "cy \\"or\\" d"', ['cy "or" d']],
    ['profile.login eq "unknown"', []],
  ])('are found by %s', async (expression, logins) => {
    const okta = await anOkta({ people: PEOPLE });

    const { body } = await call(okta, 'GET', filtered(expression));

    expect(v.parse(Profiles, body).map(({ profile }) => profile['login'])).toEqual(logins);
  });

  test.each(['profile.login = "x"', 'profile.shoeSize eq "42"', 'profile.login eq x'])(
    'cannot be searched by %s',
    async (expression) => {
      const okta = await anOkta({ people: PEOPLE });

      const { body } = await call(okta, 'GET', filtered(expression));

      expect(body).toMatchObject({ errorCode: 'E0000031' });
    },
  );

  test('keep the fields that a change of their profile omits; an unknown field is rejected', async () => {
    const okta = await anOkta({ people: PEOPLE });
    const { id } = okta.person('ana@example.com');

    await call(okta, 'POST', `/users/${id}`, { profile: { userType: 'agent' } });
    const rejected = await call(okta, 'POST', `/users/${id}`, { profile: { usertype: 'other' } });

    expect(rejected).toMatchObject({ status: 400, body: { errorCode: 'E0000001' } });
    expect(okta.person('ana@example.com').profile).toMatchObject({ firstName: 'ana', userType: 'agent' });
  });
});

test('groups are found by prefix, exact matches first', async () => {
  const okta = await anOkta({ groups: [{ name: 'Sales East' }, { name: 'Sales' }, { name: 'Support' }] });

  const { body } = await call(okta, 'GET', '/groups?q=sales');

  expect(v.parse(Profiles, body).map(({ profile }) => profile['name'])).toEqual(['Sales', 'Sales East']);
});

test("lists come in pages of the requested size, within the organisation's limit, with links", async () => {
  const okta = await anOkta({ largestPage: 2 });
  for (const _ of Array(5)) okta.addApplication(aSamlApplication());

  const pages = await pagesOf(okta, '/apps?limit=200');

  expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
  expect(pages.flat()).toEqual(okta.applications().map(({ id }) => id));
  for (const query of ['limit=0', 'limit=many', 'after=nothing'])
    expect(await call(okta, 'GET', `/apps?${query}`)).toMatchObject({ status: 400 });
});

test('every request without the token is rejected', async () => {
  const okta = await anOkta();

  const { status, body } = await call(okta, 'GET', '/apps', undefined, TOKEN.toLowerCase());

  expect(status).toBe(401);
  expect(body).toEqual({
    errorCode: 'E0000011',
    errorSummary: 'Invalid token provided',
    errorLink: 'E0000011',
    errorId: expect.stringMatching(/^oae\w{17}$/),
    errorCauses: [],
  });
});

test.each([
  ['GET', '/users?q=ana', 501, 'the parameter q'],
  ['GET', '/users?search=x', 501, 'the parameter search'],
  ['GET', '/users', 501, 'without a filter'],
  ['DELETE', '/apps/0oa1', 501, 'DELETE /api/v1/apps/:id'],
  ['GET', '/sessions/me', 501, 'GET /api/v1/sessions/me'],
  ['PUT', '/apps/0oa1/users', 405, 'HTTP method'],
] as const)('%s %s is rejected with %d: %s', async (method, path, status, summary) => {
  const okta = await anOkta({ people: PEOPLE });

  expect(await call(okta, method, path)).toMatchObject({
    status,
    body: { errorSummary: expect.stringContaining(summary) },
  });
});

describe('a fault', () => {
  test.each([
    [{ kind: 'server-error' }, 500, 'E0000009'],
    [{ kind: 'unavailable' }, 503, 'E0000010'],
    [{ kind: 'rejected', status: 403, code: 'E0000006', summary: 'No permission' }, 403, 'E0000006'],
  ] as const)('%j comes in the place of the response', async (fault, status, errorCode) => {
    const okta = await anOkta();
    okta.faults.next(1, fault);

    const response = await call(okta, 'POST', '/apps', aSamlApplication());

    expect(response).toMatchObject({ status, body: { errorCode } });
    expect(okta.applications()).toEqual([]);
  });

  test("rate-limited gives the end of the limit by the response's clock, redirected another URL", async () => {
    const okta = await anOkta();
    okta.faults.next(1, { kind: 'rate-limited', secondsToReset: 7 });
    okta.faults.next(1, { kind: 'redirected', to: 'https://moved.example.com/' });

    const limited = await call(okta, 'GET', '/apps');
    const redirected = await call(okta, 'GET', '/apps');

    expect([limited.status, limited.headers.get('x-rate-limit-remaining')]).toEqual([429, '0']);
    const date = Date.parse(limited.headers.get('date') ?? '') / 1_000;
    expect(Number(limited.headers.get('x-rate-limit-reset')) - date).toBe(7);
    expect(redirected.headers.get('location')).toBe('https://moved.example.com/');
  });
});
