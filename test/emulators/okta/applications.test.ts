import { describe, expect, test } from '@jest/globals';
import { CERTIFICATE } from '../../../emulators/okta/saml-metadata';
import { ask } from './requests';
import { anOkta, aSamlApplication, TOKEN } from './serve';

describe('a SAML application', () => {
  test('is created active, with an id, a name and a signing key', async () => {
    const okta = await anOkta();

    const { status, body } = await ask(okta, 'POST', '/apps', aSamlApplication());

    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^0oa\w{17}$/),
      name: 'acme_examplecustomsaml20app_1',
      label: 'Example Custom SAML 2.0 App',
      status: 'ACTIVE',
      credentials: {
        userNameTemplate: { template: `\${source.login}`, type: 'BUILT_IN' },
        signing: { kid: expect.any(String) },
      },
    });
  });

  test('is created inactive if requested, and activated later', async () => {
    const okta = await anOkta();
    await ask(okta, 'POST', '/apps?activate=false', aSamlApplication());
    const [{ id, status } = { id: '', status: '' }] = okta.applications();
    expect(status).toBe('INACTIVE');

    const activated = await ask(okta, 'POST', `/apps/${id}/lifecycle/activate`);

    expect(activated).toMatchObject({ status: 200, body: {} });
    expect(okta.applications()).toMatchObject([{ status: 'ACTIVE' }]);
  });

  test('returns null for a blank relay state', async () => {
    const okta = await anOkta();

    const { body } = await ask(okta, 'POST', '/apps', aSamlApplication({ defaultRelayState: '' }));

    expect(body).toMatchObject({ settings: { signOn: { defaultRelayState: null } } });
  });

  test.each([
    ['an invalid address', { ssoAcsUrl: 'acs' }, 'settings.signOn.ssoAcsUrl: must be a URL'],
    ['no audience', { audience: '' }, 'settings.signOn.audience: must not be blank'],
    [
      'neither response nor assertion signed',
      { responseSigned: false, assertionSigned: false },
      'settings.signOn: the response or the assertion must be signed',
    ],
    [
      'an attribute in an unknown format',
      {
        attributeStatements: [
          { type: 'EXPRESSION', name: 'email', namespace: 'basic', values: ['user.email'] },
        ],
      },
      'settings.signOn.attributeStatements.0.namespace: is not an attribute name format',
    ],
  ])('is rejected with %s', async (_what, signOn, errorSummary) => {
    const okta = await anOkta();

    const { status, body } = await ask(okta, 'POST', '/apps', aSamlApplication(signOn));

    expect(status).toBe(400);
    expect(body).toMatchObject({ errorCode: 'E0000001', errorCauses: [{ errorSummary }] });
    expect(okta.applications()).toEqual([]);
  });

  test('is replaced whole: omitted parts are reset, except its id, name and status', async () => {
    const okta = await anOkta();
    const before = okta.addApplication(aSamlApplication({ inlineHooks: [{ id: 'cal1' }] }), false);

    await ask(okta, 'PUT', `/apps/${before.id}`, { ...aSamlApplication(), label: 'Another' });

    const [after] = okta.applications();
    expect(after).toMatchObject({ id: before.id, name: before.name, status: 'INACTIVE', label: 'Another' });
    expect(after?.settings.signOn).not.toHaveProperty('inlineHooks');
  });

  test('has metadata for its signing key, in XML', async () => {
    const okta = await anOkta();
    const { id, credentials } = okta.addApplication(aSamlApplication());

    const { headers, body } = await ask(
      okta,
      'GET',
      `/apps/${id}/sso/saml/metadata?kid=${credentials.signing.kid}`,
    );

    expect(headers.get('content-type')).toBe('application/xml');
    expect(body).toContain(`<ds:X509Certificate>${CERTIFICATE}</ds:X509Certificate>`);
    expect(body).toMatch(/entityID="http:\/\/www\.okta\.com\/exk\w{17}"/);
    expect(body).toMatch(
      /HTTP-POST" Location="http:\/\/127\.0\.0\.1:\d+\/app\/acme_\w+\/exk\w{17}\/sso\/saml"/,
    );
  });

  test.each([
    ['without a key', '', 400],
    ['for another key', '?kid=another', 404],
  ])('has no metadata %s', async (_what, query, status) => {
    const okta = await anOkta();
    const { id } = okta.addApplication(aSamlApplication());

    expect(await ask(okta, 'GET', `/apps/${id}/sso/saml/metadata${query}`)).toMatchObject({ status });
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
    const group = await ask(okta, 'GET', '/groups?q=Sales');
    const [{ id: groupId }] = Array.isArray(group.body) ? group.body : [];

    await ask(okta, 'POST', `/apps/${id}/users`, { id: ana, scope: 'USER' });
    await ask(okta, 'PUT', `/apps/${id}/groups/${groupId}`, {});
    await ask(okta, 'POST', `/apps/${id}/users`, { id: ana, scope: 'USER' });

    expect(okta.assigned(id)).toEqual({ people: ['ana@example.com'], groups: ['Sales'] });
    expect((await ask(okta, 'GET', `/apps/${id}/users`)).body).toMatchObject([
      { scope: 'USER', credentials: { userName: 'ana@example.com' } },
      { scope: 'GROUP', credentials: { userName: 'bo@example.com' } },
    ]);
  });

  test.each([
    ['an application', '/apps/0oanobody/users', 'Not found: Resource not found: 0oanobody (AppInstance)'],
    ['a person', '', 'Not found: Resource not found: 00unobody (User)'],
  ])('of %s that does not exist are rejected', async (_what, path, errorSummary) => {
    const okta = await anOkta();
    const { id } = okta.addApplication(aSamlApplication());

    const response = await ask(okta, 'POST', path || `/apps/${id}/users`, { id: '00unobody' });

    expect(response).toMatchObject({ status: 404, body: { errorCode: 'E0000007', errorSummary } });
  });
});

test('every request without the token is rejected', async () => {
  const okta = await anOkta();

  const { status, body } = await ask(okta, 'GET', '/apps', undefined, TOKEN.toLowerCase());

  expect(status).toBe(401);
  expect(body).toEqual({
    errorCode: 'E0000011',
    errorSummary: 'Invalid token provided',
    errorLink: 'E0000011',
    errorId: expect.stringMatching(/^oae/),
    errorCauses: [],
  });
});

test('an unsupported endpoint says so', async () => {
  const okta = await anOkta();

  expect(await ask(okta, 'DELETE', '/apps/0oa1')).toMatchObject({
    status: 405,
    body: { errorCode: 'E0000022' },
  });
});
