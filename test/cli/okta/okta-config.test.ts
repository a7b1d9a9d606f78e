import { describe, expect, test } from '@jest/globals';
import { collectOktaValues } from '../../../cli/okta/okta-config';
import type { Prompts } from '../../../cli/terminal/prompts';
import type { Environment } from '../../../lambdas/config';
import { TOKEN } from '../../emulators/okta/serve';
import { aScreen, scriptedPrompts } from '../terminal/scripted-screen';
import { REALM_SID } from './run';

const RIGHT = { SSO_REALM_SID: REALM_SID, OKTA_ORG_URL: 'https://acme.okta.com', OKTA_API_TOKEN: TOKEN };

const collect = (environment: Environment, prompts: Prompts | null = null) =>
  collectOktaValues(environment, prompts, aScreen().screen);

describe('values', () => {
  test('are read from the environment, without surrounding blanks', async () => {
    const padded = Object.fromEntries(Object.entries(RIGHT).map(([name, value]) => [name, ` ${value}\n`]));

    expect(await collect(padded)).toMatchObject({
      realmSid: REALM_SID,
      org: { url: 'https://acme.okta.com' },
      token: TOKEN,
    });
  });

  test('that are missing are all named with where to find them, without a terminal', async () => {
    const collected = collect({ OKTA_ORG_URL: ' ' });

    await expect(collected).rejects.toThrow(/SSO_REALM_SID is missing: .*Frontline > Manage > SSO\/Log in/);
    await expect(collected).rejects.toThrow(/OKTA_ORG_URL is missing: .*https:\/\/acme\.okta\.com/);
    await expect(collected).rejects.toThrow(/OKTA_API_TOKEN is missing: .*Security > API > Tokens/);
  });

  test.each([
    `${REALM_SID}0`,
    REALM_SID.slice(1),
    `x${REALM_SID}`,
    REALM_SID.replace('JB', 'AC'),
    REALM_SID.toLowerCase(),
    `${REALM_SID.slice(0, -1)}-`,
    `${REALM_SID.slice(0, -1)}/`,
    `${REALM_SID}\n${REALM_SID}`,
  ])('SSO_REALM_SID must not be %j', async (realmSid) => {
    await expect(collect({ ...RIGHT, SSO_REALM_SID: realmSid })).rejects.toThrow(
      'SSO_REALM_SID is malformed',
    );
  });

  test.each([`SSWS ${TOKEN}`, `${TOKEN}\r\nX-Injected: 1`, 'short', `${TOKEN}ü`])(
    'OKTA_API_TOKEN must not be %j, and is not shown',
    async (token) => {
      const error: unknown = await collect({ ...RIGHT, OKTA_API_TOKEN: token }).catch(
        (reason: unknown) => reason,
      );

      expect(String(error)).toContain('OKTA_API_TOKEN is malformed');
      expect(String(error)).not.toContain(token);
    },
  );

  test('that are malformed are all reported at once, before any prompt', async () => {
    const prompts = scriptedPrompts([]);

    const collected = collect({ SSO_REALM_SID: 'JB', OKTA_ORG_URL: 'http://acme.okta.com' }, prompts);

    await expect(collected).rejects.toThrow(/SSO_REALM_SID is malformed.*OKTA_ORG_URL is malformed/);
    expect(prompts.asked).toEqual([]);
  });

  test('that are missing are prompted for until they are valid, and the token as a secret', async () => {
    const { secret, ...prompts } = scriptedPrompts([
      'JB',
      REALM_SID,
      'https://acme-admin.okta.com',
      'no token',
      TOKEN,
    ]);
    const secrets: string[] = [];
    const whispering: Prompts = {
      ...prompts,
      secret: (question, validate) => {
        secrets.push(question);
        return secret(question, validate);
      },
    };

    const values = await collect({}, whispering);

    expect(values).toMatchObject({
      realmSid: REALM_SID,
      org: { url: 'https://acme.okta.com' },
      token: TOKEN,
    });
    expect(prompts.asked).toEqual([
      ...['SSO_REALM_SID', 'SSO_REALM_SID', 'OKTA_ORG_URL', 'OKTA_API_TOKEN', 'OKTA_API_TOKEN'],
    ]);
    expect(secrets).toEqual(['OKTA_API_TOKEN']);
  });
});
