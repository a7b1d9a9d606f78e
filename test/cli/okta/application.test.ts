import { describe, expect, test } from '@jest/globals';
import { newApplication } from '../../../cli/okta/saml-application';
import { CERTIFICATE } from '../../emulators/okta/saml-metadata';
import { anOkta, aSamlApplication } from '../../emulators/okta/serve';
import { REALM_SID, run, writesOf } from './run';

const ANA = { login: 'ana@example.com', userType: 'agent' };
const BASIC = 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic';

/** The table of twilio.md#configuration, "SSO", repeated so that the test does not depend on the code. */
const AS_FRONTLINE_NEEDS_IT = {
  label: 'Twilio Frontline',
  status: 'ACTIVE',
  signOnMode: 'SAML_2_0',
  visibility: { autoSubmitToolbar: false, hide: { iOS: false, web: false } },
  settings: {
    signOn: {
      defaultRelayState: null,
      ssoAcsUrl: `https://iam.twilio.com/v2/saml2/authenticate/${REALM_SID}`,
      recipient: `https://iam.twilio.com/v2/saml2/authenticate/${REALM_SID}`,
      destination: `https://iam.twilio.com/v2/saml2/authenticate/${REALM_SID}`,
      audience: `https://iam.twilio.com/v2/saml2/metadata/${REALM_SID}`,
      idpIssuer: `http://www.okta.com/\${org.externalKey}`,
      subjectNameIdTemplate: `\${user.userName}`,
      subjectNameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
      responseSigned: true,
      assertionSigned: true,
      signatureAlgorithm: 'RSA_SHA256',
      digestAlgorithm: 'SHA256',
      honorForceAuthn: true,
      authnContextClassRef: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
      spIssuer: null,
      requestCompressed: false,
      attributeStatements: [
        {
          type: 'EXPRESSION',
          name: 'Full Name',
          namespace: BASIC,
          values: ["String.join(' ', user.firstName, user.lastName)"],
        },
        { type: 'EXPRESSION', name: 'roles', namespace: BASIC, values: ['user.userType'] },
        { type: 'EXPRESSION', name: 'email', namespace: BASIC, values: ['user.email'] },
        {
          type: 'EXPRESSION',
          name: 'image_url',
          namespace: 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
          values: ['user.profileUrl'],
        },
      ],
    },
  },
};

describe('the application', () => {
  test('is created exactly as Frontline needs it', async () => {
    const okta = await anOkta({ people: [ANA] });

    const { status } = await run(okta, ['--yes', '--user', ANA.login]);

    const [application, ...others] = okta.applications();
    expect(status).toBe(0);
    expect(others).toEqual([]);
    expect(application).toMatchObject(AS_FRONTLINE_NEEDS_IT);
    expect(Object.keys(application?.settings.signOn ?? {}).sort()).toEqual(
      Object.keys(AS_FRONTLINE_NEEDS_IT.settings.signOn).sort(),
    );
  });

  test('gets the requested label', async () => {
    const okta = await anOkta({ people: [ANA] });

    await run(okta, ['--yes', '--user', ANA.login, '--label', 'Texting']);

    expect(okta.applications()).toMatchObject([{ label: 'Texting' }]);
  });

  test('is not created or changed a second time', async () => {
    const okta = await anOkta({ people: [ANA] });
    await run(okta, ['--yes', '--user', ANA.login]);
    const writes = writesOf(okta);

    const { status, text } = await run(okta, ['--yes', '--user', ANA.login]);

    expect(status).toBe(0);
    expect(text).toContain('✓ "Twilio Frontline" is configured for Frontline');
    expect(writesOf(okta)).toEqual(writes);
  });

  test('is found by its realm among others, under any label and on any page of the list', async () => {
    const okta = await anOkta({ people: [ANA], maxPageSize: 2 });
    for (const label of ['A', 'B', 'C']) okta.addApplication({ label, signOnMode: 'BOOKMARK' });
    okta.addApplication(aSamlApplication());
    okta.addApplication(newApplication(REALM_SID.replace('JB0', 'JB1'), null));
    const ours = okta.addApplication(newApplication(REALM_SID, 'Zebra'));

    const { status } = await run(okta, ['--yes', '--user', ANA.login]);

    expect(status).toBe(0);
    expect(writesOf(okta)).toEqual(['POST apps/…/users']);
    expect(okta.assigned(ours.id).people).toEqual([ANA.login]);
    expect(okta.applications()).toHaveLength(6);
  });
});

describe('an application for the realm that differs from the one that Frontline needs', () => {
  test('is corrected, and each difference is shown', async () => {
    const okta = await anOkta({ people: [ANA] });
    const draft = newApplication(REALM_SID, 'Texting');
    const { signOn } = draft.settings;
    okta.addApplication({
      ...draft,
      visibility: { autoSubmitToolbar: false, hide: { iOS: false, web: true } },
      settings: {
        signOn: {
          ...signOn,
          audience: 'https://example.com',
          signatureAlgorithm: 'RSA_SHA1',
          attributeStatements: signOn.attributeStatements.filter(({ name }) => name !== 'roles'),
        },
      },
    });

    const { status, text } = await run(okta, ['--yes', '--user', ANA.login]);

    expect(status).toBe(0);
    expect(text).toContain(
      [
        '  → Correct the application "Texting"',
        '      hidden on web: true → false',
        `      audience: https://example.com → https://iam.twilio.com/v2/saml2/metadata/${REALM_SID}`,
        '      signatureAlgorithm: RSA_SHA1 → RSA_SHA256',
        '      attribute roles: (none) → user.userType (basic)',
        '  → Assign 1 person',
      ].join('\n'),
    );
    expect(okta.applications()).toMatchObject([{ ...AS_FRONTLINE_NEEDS_IT, label: 'Texting' }]);
  });

  test('keeps settings of others', async () => {
    const okta = await anOkta({ people: [ANA] });
    const draft = newApplication(REALM_SID, null);
    const theirs = {
      type: 'GROUP',
      name: 'groups',
      namespace: BASIC,
      filterType: 'REGEX',
      filterValue: '.*',
    };
    const { id, name } = okta.addApplication({
      ...draft,
      visibility: { ...draft.visibility, appLinks: { login: true } },
      accessibility: { selfService: true },
      credentials: { userNameTemplate: { template: `\${source.email}`, type: 'BUILT_IN' } },
      settings: {
        notifications: { vpn: { message: 'On the VPN only' } },
        signOn: {
          ...draft.settings.signOn,
          honorForceAuthn: false,
          inlineHooks: [{ id: 'cal1' }],
          attributeStatements: [theirs, ...draft.settings.signOn.attributeStatements],
        },
      },
    });

    await run(okta, ['--yes', '--user', ANA.login]);

    expect(okta.applications()).toMatchObject([
      {
        ...{ id, name },
        visibility: { appLinks: { login: true } },
        accessibility: { selfService: true },
        credentials: { userNameTemplate: { template: `\${source.email}` } },
        settings: {
          notifications: { vpn: { message: 'On the VPN only' } },
          signOn: {
            honorForceAuthn: true,
            inlineHooks: [{ id: 'cal1' }],
            attributeStatements: [...AS_FRONTLINE_NEEDS_IT.settings.signOn.attributeStatements, theirs],
          },
        },
      },
    ]);
  });

  test('gets attributes in another case corrected', async () => {
    const okta = await anOkta({ people: [ANA] });
    const draft = newApplication(REALM_SID, null);
    const attributeStatements = draft.settings.signOn.attributeStatements.map((statement) => ({
      ...statement,
      name: statement.name === 'email' ? 'Email' : statement.name,
    }));
    okta.addApplication({
      ...draft,
      settings: { signOn: { ...draft.settings.signOn, attributeStatements } },
    });

    const { text } = await run(okta, ['--yes', '--user', ANA.login]);

    expect(text).toContain('attribute email: (none) → user.email (basic)');
    expect(text).toContain('attribute Email: user.email (basic) → (none)');
    expect(okta.applications()).toMatchObject([AS_FRONTLINE_NEEDS_IT]);
  });

  test('is activated, without another change if nothing else differs', async () => {
    const okta = await anOkta({ people: [ANA] });
    okta.addApplication(newApplication(REALM_SID, null), false);

    const { text } = await run(okta, ['--yes']);

    expect(text).toContain('status: INACTIVE → ACTIVE');
    expect(writesOf(okta)).toEqual(['POST apps/…/lifecycle/activate']);
    expect(okta.applications()).toMatchObject([{ status: 'ACTIVE' }]);
  });

  test('is renamed only if another label is requested', async () => {
    const okta = await anOkta({ people: [ANA] });
    okta.addApplication(newApplication(REALM_SID, 'Texting'));

    await run(okta, ['--yes', '--user', ANA.login]);
    expect(okta.applications()).toMatchObject([{ label: 'Texting' }]);

    const { text } = await run(okta, ['--yes', '--user', ANA.login, '--label', 'Frontline']);
    expect(text).toContain('label: Texting → Frontline');
    expect(okta.applications()).toMatchObject([{ label: 'Frontline' }]);
  });
});

describe('several applications for the realm', () => {
  test('are left to a person, and nothing is changed', async () => {
    const okta = await anOkta({ people: [ANA] });
    const first = okta.addApplication(newApplication(REALM_SID, 'One'));
    const second = okta.addApplication(newApplication(REALM_SID, 'Two'));

    const { failure } = await run(okta, ['--yes', '--user', ANA.login]);

    expect(failure).toContain(`"One" (${first.id}), "Two" (${second.id})`);
    expect(writesOf(okta)).toEqual([]);
  });

  test('are not ambiguous if only one of them is active', async () => {
    const okta = await anOkta({ people: [ANA] });
    okta.addApplication(newApplication(REALM_SID, 'Old'), false);
    const active = okta.addApplication(newApplication(REALM_SID, 'New'));

    await run(okta, ['--yes', '--user', ANA.login]);

    expect(okta.assigned(active.id).people).toEqual([ANA.login]);
    expect(writesOf(okta)).toEqual(['POST apps/…/users']);
  });
});

describe('the printed values to paste into Twilio', () => {
  test("are the issuer, the URL and the certificate of the application's own metadata", async () => {
    const okta = await anOkta({ people: [ANA] });

    const { text } = await run(okta, ['--yes', '--user', ANA.login]);

    const [application] = okta.applications();
    const [, issuer = ''] = /Identity provider issuer\n(.+)\n/.exec(text) ?? [];
    const [, ssoUrl = ''] = /SSO URL\n(.+)\n/.exec(text) ?? [];
    const [, pem = ''] = /-----BEGIN CERTIFICATE-----\n([^-]+)\n-----END CERTIFICATE-----\n/.exec(text) ?? [];
    expect(issuer).toMatch(/^http:\/\/www\.okta\.com\/exk\w{17}$/);
    expect(ssoUrl).toBe(`${okta.url}/app/${application?.name}/${issuer.split('/').at(-1)}/sso/saml`);
    expect(pem.split('\n').every((line) => line.length <= 64)).toBe(true);
    expect(pem.replaceAll('\n', '')).toBe(CERTIFICATE.replaceAll('\n', ''));
    expect(text).toContain('X.509 certificate (valid until 2036-11-20)');
  });

  test('have the identity of each assigned person, which is their user name in the application', async () => {
    const okta = await anOkta({
      people: [
        { login: 'ana', email: 'Ana.Diaz@example.com', userType: 'agent' },
        { login: 'bo', email: 'bo@example.com', userType: 'agent' },
      ],
      groups: [{ name: 'Sales', members: ['bo'] }],
    });
    const draft = newApplication(REALM_SID, null);
    okta.addApplication({
      ...draft,
      credentials: { userNameTemplate: { template: `\${source.email}`, type: 'BUILT_IN' } },
    });

    const { text } = await run(okta, ['--yes', '--user', 'ana', '--group', 'Sales']);

    const [, identities] = /\nAssigned\n.+\n\n([\s\S]+?)\n\n/.exec(text) ?? [];
    expect(identities).toBe('  Ana.Diaz@example.com\n  bo@example.com');
  });

  test('are truncated if there are very many', async () => {
    const people = Array.from({ length: 60 }, (_, n) => ({ login: `w${n}@example.com`, userType: 'agent' }));
    const okta = await anOkta({
      people,
      groups: [{ name: 'All', members: people.map(({ login }) => login) }],
      maxPageSize: 7,
    });

    const { text } = await run(okta, ['--yes', '--group', 'All']);

    expect(text.match(/^ {2}w\d+@example\.com$/gm)).toHaveLength(50);
    expect(text).toContain('  and 10 more\n');
  });
});

describe('a dry run', () => {
  test('shows the changes without applying them', async () => {
    const okta = await anOkta({ people: [{ login: 'ana@example.com' }] });

    const { status, text } = await run(okta, ['--dry-run', '--user', 'ana@example.com']);

    expect(status).toBe(0);
    expect(text).toContain('→ Create the SAML application "Twilio Frontline"');
    expect(text).toContain('→ Assign 1 person');
    expect(text).toContain('→ Set the user type of one user to agent');
    expect(text).toContain('– Okta shows the values once the application exists');
    expect(writesOf(okta)).toEqual([]);
  });

  test('of an existing application shows the values to paste', async () => {
    const okta = await anOkta({ people: [ANA] });
    await run(okta, ['--yes', '--user', ANA.login]);

    const { text } = await run(okta, ['--dry-run']);

    expect(text).toContain('-----BEGIN CERTIFICATE-----');
  });
});
