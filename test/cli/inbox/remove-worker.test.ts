import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type DeployedInbox, openInboxAt } from '../../../cli/inbox/deployed-inbox';
import { countOpenAt, twilioChats } from '../../../cli/inbox/twilio-chats';
import { type Removal, removeWorker } from '../../../cli/inbox/workers/remove-worker';
import type { Environment } from '../../../lambdas/config';
import { INBOX_STACK_NAME, STACK_NAME } from '../../../lib/stack-names';
import {
  type CognitoEmulator,
  type EmulatedUser,
  startCognito,
} from '../../emulators/cognito/cognito-emulator';
import { workersIn } from '../../world/conversations';
import { ANA, BOB, InboxWorld } from '../../world/inbox-world';
import { ACCOUNT_SID, AUTH_TOKEN, closeWorlds, setEnvironment } from '../../world/world';
import { startCloudFormation } from '../aws/cloudformation-double';
import { MINIMAL } from '../settings/minimal-settings';
import { runCommandIn } from '../terminal/operator';
import { aScreen, scriptedPrompts } from '../terminal/scripted-screen';

const JANE = '+15558675310';

let cognito: CognitoEmulator;
let world: InboxWorld;
let inbox: DeployedInbox;
beforeAll(async () => {
  cognito = await startCognito();
});
afterEach(async () => {
  cognito.reset();
  cognito.empty();
  await world.close();
});
afterAll(async () => {
  await cognito.close();
  await closeWorlds();
});

/** A deployed inbox with Ana and Bob, and Ana's user. */
async function begin(): Promise<EmulatedUser> {
  world = await InboxWorld.start({
    customers: [{ id: 541, name: 'Jane Roe', sms: JANE, owner: ANA }],
    settings: { DEFAULT_WORKER: BOB },
  });
  setEnvironment({ AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: cognito.url });
  const { queueUrl } = world.queue;
  inbox = openInboxAt({ table: world.table, queueUrl, url: 'https://inbox.example.com', userPoolId: 'pool' });
  return cognito.add(ANA, { sub: `sub-${ANA}`, status: 'CONFIRMED' });
}

const settings = () => ({
  ...process.env,
  ...MINIMAL,
  ACCOUNT_SID,
  AUTH_TOKEN,
  TWILIO_API_URL: world.twilio.url,
});

async function remove(worker = ANA, changes: Partial<Removal> = {}) {
  const { screen, text } = aScreen();
  const twilio = twilioChats(settings());
  const status = await removeWorker({
    worker,
    inbox,
    countOpen: (identity) => countOpenAt(twilio, identity),
    screen,
    approval: { kind: 'given' },
    signal: new AbortController().signal,
    limitMs: 60_000,
    pollMs: 50,
    ...changes,
  });
  return { status, text: text() };
}

const workersOf = (sid: string | null) => {
  const conversation = world.twilio.conversation(String(sid));
  return conversation === undefined ? [] : workersIn(world.world, conversation);
};

test('ends all access, gives the chats to colleagues and waits for that; again it has nothing to do', async () => {
  const user = await begin();
  const { conversationSid } = await world.receive(JANE, 'Hello');
  const { status, text } = await remove(ANA.toUpperCase());
  expect(status).toBe(0);
  expect(workersOf(conversationSid)).toEqual([BOB]);
  expect(user).toMatchObject({ isEnabled: false, signOuts: 1 });
  expect((await world.call(ANA, 'chats')).status).toBe(403);
  expect(text).toContain('Give 1 open chat to colleagues');
  expect(text).toContain('No open chat is left');
  const calls = cognito.requests.length;
  const again = await remove();
  expect(again).toEqual({ status: 0, text: expect.stringContaining('is removed already') });
  expect(cognito.requests.slice(calls).map(({ operation }) => operation)).toEqual([
    'AdminGetUser',
    // Completes an attempt that ended after the first of them.
    'AdminDisableUser',
    'AdminUserGlobalSignOut',
  ]);
});

test('asks first, and changes nothing without a yes', async () => {
  const user = await begin();
  const prompts = scriptedPrompts([false]);
  expect((await remove(ANA, { approval: { kind: 'asked', prompts } })).status).toBe(1);
  expect(user.isEnabled).toBe(true);
  expect((await world.call(ANA, 'chats')).status).toBe(200);
});

test('ends access at the service even if Cognito fails, and completes the rest when it is run again', async () => {
  const user = await begin();
  const { conversationSid } = await world.receive(JANE, 'Hello');
  cognito.faults.next(
    1,
    { kind: 'rejected', error: 'NotAuthorizedException' },
    ({ operation }) => operation === 'AdminDisableUser',
  );
  await expect(remove()).rejects.toThrow('AdminDisableUser');
  expect((await world.call(ANA, 'chats')).status).toBe(403);
  expect(workersOf(conversationSid)).toEqual([ANA]);
  expect((await remove()).status).toBe(0);
  expect([user.isEnabled, workersOf(conversationSid)]).toEqual([false, [BOB]]);
});

test('that ended before the sign-out everywhere is completed when it is run again', async () => {
  const user = await begin();
  cognito.faults.next(
    1,
    { kind: 'rejected', error: 'InternalErrorException' },
    ({ operation }) => operation === 'AdminUserGlobalSignOut',
  );
  await expect(remove()).rejects.toThrow('AdminUserGlobalSignOut');
  expect(user).toMatchObject({ isEnabled: false, signOuts: 0 });
  expect((await remove()).status).toBe(0);
  expect(user).toMatchObject({ isEnabled: false, signOuts: 1 });
});

test.each([
  ['Twilio rejects the token of .env', (): Environment => ({ ...settings(), AUTH_TOKEN: '0'.repeat(32) })],
  ['.env is incomplete', (): Environment => ({})],
])('ends access where the chats cannot be counted, because %s', async (_why, environment) => {
  const user = await begin();
  const { conversationSid } = await world.receive(JANE, 'Hello');
  const { status, text } = await remove(ANA, {
    countOpen: async (identity) => countOpenAt(twilioChats(environment()), identity),
  });
  expect(status).toBe(1);
  expect(text).toContain('Give an unknown number of open chats to colleagues');
  expect(text).toMatch(/The open chats could not be counted: .*(ACCOUNT_SID|AUTH_TOKEN|rejected)/);
  expect(user).toMatchObject({ isEnabled: false, signOuts: 1 });
  expect((await world.call(ANA, 'chats')).status).toBe(403);
  await world.queue.settled();
  expect(workersOf(conversationSid)).toEqual([BOB]);
});

test('the command needs nothing but AWS to end access', async () => {
  const user = await begin();
  const cloudFormation = await startCloudFormation();
  const folder = mkdtempSync(join(tmpdir(), 'frontline-remove-'));
  cloudFormation.stacks.set(STACK_NAME, {
    status: 'CREATE_COMPLETE',
    outputs: { InboxTableName: world.table, InboxQueueUrl: world.queue.queueUrl },
  });
  cloudFormation.stacks.set(INBOX_STACK_NAME, {
    status: 'CREATE_COMPLETE',
    outputs: { InboxUrl: 'https://inbox.example.com', UserPoolId: 'pool' },
  });
  const { AWS_ENDPOINT_URL_DYNAMODB = '' } = process.env;
  const { status, stdout } = await runCommandIn(folder, ['inbox', 'remove', ANA, '--yes'], undefined, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: cloudFormation.url,
    AWS_ENDPOINT_URL_SQS: new URL(world.queue.queueUrl).origin,
    AWS_ENDPOINT_URL_DYNAMODB,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: cognito.url,
  });
  await cloudFormation.close();
  rmSync(folder, { recursive: true });
  expect([status, stdout]).toEqual([1, expect.stringContaining('Access has ended')]);
  expect(user).toMatchObject({ isEnabled: false, signOuts: 1 });
  expect((await world.call(ANA, 'chats')).status).toBe(403);
});

test('of the last worker warns, and says at once that the chats wait', async () => {
  await begin();
  const { conversationSid } = await world.receive(JANE, 'Hello');
  await inbox.workers.setActive(`sub-${BOB}`, false);
  const { status, text } = await remove(ANA, { pollMs: 60_000, limitMs: 60_000 });
  expect(status).toBe(1);
  expect(text).toContain('No other worker is in the team');
  expect(text).toContain('1 open chat cannot be given to a colleague');
  expect(workersOf(conversationSid)).toContain(ANA);
});

test.each([
  ['a colleague is in the team', true, 'The inbox gives them to colleagues all the same'],
  ['no other worker is in the team', false, 'They wait until another worker is in the team'],
])('says what happens to chats that cannot be counted where %s', async (_where, hasColleague, expected) => {
  await begin();
  await inbox.workers.setActive(`sub-${BOB}`, hasColleague);
  const { status, text } = await remove(ANA, {
    countOpen: async (identity) => countOpenAt(twilioChats({}), identity),
  });
  expect(status).toBe(1);
  expect(text).toContain(`${expected}. Fix this and run the command again`);
});

test('a dry run does not complete an earlier removal', async () => {
  await begin();
  await remove();
  const calls = cognito.requests.length;
  expect((await remove(ANA, { approval: { kind: 'dry-run' } })).status).toBe(0);
  expect(cognito.requests.slice(calls).map(({ operation }) => operation)).toEqual(['AdminGetUser']);
});

test('removes each record of the same person, and a record whose user is gone', async () => {
  await begin();
  await inbox.workers.save({ subject: 'old', identity: ANA, name: 'Ana', isActive: true, isAvailable: true });
  await remove();
  expect((await inbox.workers.list()).filter(({ identity }) => identity === ANA)).toEqual([
    expect.objectContaining({ isActive: false }),
    expect.objectContaining({ isActive: false }),
  ]);
  expect((await remove(BOB)).status).toBe(0);
  expect((await world.call(BOB, 'chats')).status).toBe(403);
});

test('names those who may be meant by an unknown address', async () => {
  await begin();
  await expect(remove('anna@example.com')).rejects.toThrow('Did you mean ana@example.com?');
  await expect(remove('zoe.someone@elsewhere.test')).rejects.toThrow('inbox list');
});
