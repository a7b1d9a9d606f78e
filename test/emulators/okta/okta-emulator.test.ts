import { describe, expect, test } from '@jest/globals';
import type { OktaEmulator } from './okta-emulator';
import { anOkta, aSamlApplication, TOKEN } from './serve';

const PEOPLE = [{ login: 'ana@example.com' }];
const filtered = (expression: string) => `/users?filter=${encodeURIComponent(expression)}`;

/** A request as any client of Okta sends it. @param path after `/api/v1` */
async function call(okta: OktaEmulator, method: string, path: string, body?: object) {
  const response = await fetch(`${okta.url}/api/v1${path}`, {
    method,
    headers: { authorization: `SSWS ${TOKEN}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    redirect: 'manual',
  });
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  const content: unknown = isJson ? await response.json() : await response.text();
  return { status: response.status, body: content };
}

describe('a SAML application', () => {
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
    const metadata = async (query: string) =>
      (await call(okta, 'GET', `/apps/${id}/sso/saml/metadata${query}`)).status;

    expect(await metadata(`?kid=${credentials.signing.kid}`)).toBe(200);
    expect([await metadata(''), await metadata('?kid=another')]).toEqual([400, 404]);
  });
});

describe('people', () => {
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
