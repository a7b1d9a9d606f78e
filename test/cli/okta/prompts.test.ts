import { describe, expect, test } from '@jest/globals';
import { newApplication } from '../../../cli/okta/saml-application';
import type { OktaEmulator } from '../../emulators/okta/okta-emulator';
import { anOkta, TOKEN } from '../../emulators/okta/serve';
import { scriptedPrompts } from '../terminal/scripted-screen';
import { environmentOf, REALM_SID, run, writesOf } from './run';

const PEOPLE = [{ login: 'ana' }, { login: 'bo' }];

describe('a user at the terminal', () => {
  test('is prompted for every value, with where to find it, and then for approval of each step', async () => {
    const okta = await anOkta({ people: PEOPLE });
    const prompts = scriptedPrompts([REALM_SID, okta.url, TOKEN, 'people', 'ana, bo', true, true]);

    const { status, text } = await run(okta, [], prompts, {});

    expect(status).toBe(0);
    expect(prompts.asked).toEqual([
      'SSO_REALM_SID',
      'OKTA_ORG_URL',
      'OKTA_API_TOKEN',
      'Assign users or a group?',
      'Logins or e-mail addresses, separated by commas',
      'Apply 2 changes?',
      'Apply this change?',
    ]);
    expect(text).toContain('Console > Frontline > Manage > SSO/Log in, "Realm SID"');
    expect(text).toContain('Okta admin > Security > API > Tokens > Create token');
    expect(okta.applications().map(({ id }) => okta.assigned(id).people)).toEqual([['ana', 'bo']]);
  });

  test('is prompted again for names that Okta does not know', async () => {
    const okta = await anOkta({ people: PEOPLE, groups: [{ name: 'Sales', members: ['ana'] }] });
    const prompts = scriptedPrompts(['group', '', 'sales', 'Sales', true, true]);

    const { status, text } = await run(okta, [], prompts);

    expect(status).toBe(0);
    expect(text).toContain(
      '✗ No Okta group named sales. Similar names: Sales\n      Please enter it again\n',
    );
    expect(okta.applications().map(({ id }) => okta.assigned(id).groups)).toEqual([['Sales']]);
  });

  test('is not prompted for names that the command has', async () => {
    const okta = await anOkta({ people: PEOPLE });
    const prompts = scriptedPrompts([true, true]);

    await run(okta, ['--user', 'ana'], prompts);

    expect(prompts.asked).toEqual(['Apply 2 changes?', 'Apply this change?']);
  });

  test('may enter no names', async () => {
    const okta = await anOkta({ people: PEOPLE });
    const { id } = okta.addApplication(newApplication(REALM_SID, null));
    okta.assignPerson(id, 'ana');

    const { status } = await run(okta, [], scriptedPrompts(['none']));

    expect(status).toBe(0);
    expect(writesOf(okta)).toEqual([]);
  });

  test('who declines the application changes nothing', async () => {
    const okta = await anOkta({ people: PEOPLE });
    const prompts = scriptedPrompts([false]);

    const { status, text } = await run(okta, ['--user', 'ana'], prompts);

    expect(status).toBe(1);
    expect(writesOf(okta)).toEqual([]);
    expect(text).not.toContain('User types');
  });

  test('who declines the user types sees the consequence', async () => {
    const okta = await anOkta({ people: PEOPLE });

    const { status, text } = await run(okta, ['--user', 'ana'], scriptedPrompts([true, false]));

    expect(status).toBe(1);
    expect(text).toContain('Without this user type, Frontline rejects their sign-in (70002).');
    expect(okta.person('ana').profile.userType).toBeNull();
    expect(writesOf(okta)).toEqual(['POST apps', 'POST apps/…/users']);
  });
});

describe("a host outside Okta's domains", () => {
  /** A host without TLS, so that a token sent there by mistake does no harm. */
  const custom = ({ url }: OktaEmulator) => url.replace('http:', 'https:');

  test('needs confirmation before the token is sent there', async () => {
    const okta = await anOkta();
    const environment = { ...environmentOf(okta), OKTA_ORG_URL: custom(okta) };
    const prompts = scriptedPrompts([false]);

    const { failure } = await run(okta, ['--user', 'ana'], prompts, environment);

    const { host } = new URL(okta.url);
    expect(prompts.asked).toEqual([
      `${host} is not an okta.com domain. Is it your organisation's custom domain, which may receive the API token?`,
    ]);
    expect(failure).toContain(`OKTA_ORG_URL names ${host}`);
  });

  test('is rejected without a terminal, and used with --yes', async () => {
    const okta = await anOkta();
    const environment = { ...environmentOf(okta), OKTA_ORG_URL: custom(okta) };

    const dry = await run(okta, ['--dry-run', '--user', 'ana'], null, environment);
    const sure = await run(okta, ['--yes', '--user', 'ana'], null, environment);

    expect(dry.failure).toContain('--yes');
    expect(sure.text).toContain('assuming a custom domain');
    expect(sure.failure).toContain(`No response from ${custom(okta)} while trying to look for ana`);
  });
});
