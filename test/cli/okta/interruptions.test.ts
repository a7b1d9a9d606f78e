import { describe, expect, test } from '@jest/globals';
import { newApplication } from '../../../cli/okta/saml-application';
import type { OktaEmulator, SeenRequest } from '../../emulators/okta/okta-emulator';
import { anOkta } from '../../emulators/okta/serve';
import { scriptedPrompts } from '../terminal/scripted-screen';
import { REALM_SID, run, stateOf, writesOf } from './run';

const WORDS = ['--yes', '--user', 'ana', '--user', 'bo', '--group', 'Sales'];

/** An organisation without any Frontline setup. */
const anEmptyOne = () =>
  anOkta({
    people: ['ana', 'bo', 'cy'].map((login) => ({ login })),
    groups: [{ name: 'Sales', members: ['cy'] }],
  });

/** An organisation whose application is inactive and has no attributes. */
async function anUnfinishedOne(): Promise<OktaEmulator> {
  const okta = await anEmptyOne();
  const draft = newApplication(REALM_SID, null);
  const signOn = { ...draft.settings.signOn, attributeStatements: [] };
  okta.addApplication({ ...draft, settings: { signOn } }, false);
  return okta;
}

const writeTo =
  (pattern: RegExp) =>
  ({ method, path }: SeenRequest) =>
    method !== 'GET' && pattern.test(path);

const CREATE = writeTo(/\/apps$/);
const CORRECT = writeTo(/\/apps\/[^/]+$/);
const ACTIVATE = writeTo(/\/activate$/);
const ASSIGN_PERSON = writeTo(/\/apps\/[^/]+\/users$/);
const ASSIGN_GROUP = writeTo(/\/apps\/[^/]+\/groups\//);
const SET_TYPE = writeTo(/\/v1\/users\//);

describe.each([
  ['the creation', anEmptyOne, CREATE],
  ['the correction', anUnfinishedOne, CORRECT],
  ['the activation', anUnfinishedOne, ACTIVATE],
  ["a person's assignment", anEmptyOne, ASSIGN_PERSON],
  ["a group's assignment", anEmptyOne, ASSIGN_GROUP],
  ['a user type', anEmptyOne, SET_TYPE],
] as const)('a run that ends at %s', (_what, anOrganisation, when) => {
  test.each([
    ['before it is processed', 'connection-reset'],
    ['after it is processed, with the response lost,', 'response-lost'],
  ] as const)('%s reaches the same state when it is run again', async (_when, kind) => {
    const undisturbed = await anOrganisation();
    await run(undisturbed, WORDS);
    const okta = await anOrganisation();
    okta.faults.always({ kind }, when);

    const broken = await run(okta, WORDS);
    okta.faults.clear();
    const again = await run(okta, WORDS);
    const writes = writesOf(okta).length;
    const third = await run(okta, WORDS);

    expect(broken).toMatchObject({ status: null, failure: expect.stringContaining('connection broken') });
    expect([again.status, third.status]).toEqual([0, 0]);
    expect(stateOf(okta)).toEqual(stateOf(undisturbed));
    expect(writesOf(okta)).toHaveLength(writes);
  });
});

test('the creation is never retried, because that would create a second application', async () => {
  const okta = await anEmptyOne();
  okta.faults.always({ kind: 'response-lost' }, CREATE);

  const { failure } = await run(okta, WORDS);

  expect(failure).toContain('The outcome is unknown');
  expect(okta.applications()).toHaveLength(1);
});

test('the creation checks again before it is sent, because another user may have created it since the prompt', async () => {
  const okta = await anEmptyOne();
  const prompts = {
    ...scriptedPrompts([]),
    confirm: async () => {
      if (okta.applications().length === 0) okta.addApplication(newApplication(REALM_SID, 'Theirs'));
      return true;
    },
  };

  await run(okta, ['--user', 'ana'], prompts);

  expect(okta.applications()).toMatchObject([{ label: 'Theirs' }]);
});
