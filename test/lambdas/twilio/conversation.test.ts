import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startTwilio, type TwilioEmulator } from '../../../emulators/twilio/twilio-emulator';
import type { Fault } from '../../../emulators/twilio/twilio-faults';
import { NotFoundError } from '../../../lambdas/errors';
import { Deadline } from '../../../lambdas/http-client/deadline';
import { RequestLog } from '../../../lambdas/telemetry/request-log';
import { TwilioConversation } from '../../../lambdas/twilio/conversation';
import { TwilioClient } from '../../../lambdas/twilio/twilio-client';
import { ACCOUNT_SID, AUTH_TOKEN } from '../../world/world';

const WORKER = 'ana+1@example.com';

let twilio: TwilioEmulator;
beforeEach(async () => {
  twilio = await startTwilio({ accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN });
});
afterEach(() => twilio.close());

/** The conversation as the service opens it. It may not exist at Twilio. */
function open(conversationSid: string, { authToken = AUTH_TOKEN } = {}): TwilioConversation {
  const credentials = {
    accountSid: ACCOUNT_SID,
    authToken,
    signingTokens: [authToken],
    sharedKeys: [],
    airtableApiKey: 'patUnused',
    twilioApiKey: null,
  };
  const client = new TwilioClient(credentials, {
    deadline: Deadline.in(5_000),
    requestLog: new RequestLog(),
  });
  return new TwilioConversation(client, {
    apiUrl: twilio.url,
    serviceSid: twilio.conversationServiceSid,
    conversationSid,
  });
}

function identities(sid: string) {
  return twilio.participants(sid).map(({ identity }) => identity);
}

describe('TwilioConversation', () => {
  test('accepts a worker by an identity of any characters, and the same one again', async () => {
    const { sid } = twilio.createConversation();

    expect(await open(sid).tryToAddWorker(WORKER)).toEqual({ outcome: 'added' });
    expect(await open(sid).tryToAddWorker(WORKER)).toEqual({ outcome: 'added' });
    await open(sid).tryToAddWorker('Jörg & Söhne %2B');

    expect(identities(sid)).toEqual([WORKER, 'Jörg & Söhne %2B']);
  });

  test('returns the code with which Twilio rejects a worker', async () => {
    const { sid } = twilio.createConversation();

    expect(await open(sid).tryToAddWorker('x'.repeat(257))).toMatchObject({
      outcome: 'rejected',
      reason: expect.stringContaining('400 (code 50207)'),
    });
  });

  test.each<[string, Fault, object]>([
    [
      'throttles',
      { kind: 'rate-limited', retryAfterSeconds: 3 },
      { outcome: 'later', waitMilliseconds: 3_000 },
    ],
    ['is not ready', { kind: 'rejected', status: 400, code: 50_386, message: 'No' }, { outcome: 'later' }],
    ['fails', { kind: 'server-error' }, { outcome: 'unknown' }],
    ['loses its answer', { kind: 'response-lost' }, { outcome: 'unknown' }],
    ['gives no answer', { kind: 'connection-reset' }, { outcome: 'unknown' }],
    ['answers with a page', { kind: 'other-response', status: 200, body: '<html>' }, { outcome: 'unknown' }],
    [
      'answers with no participant',
      { kind: 'other-response', status: 201, body: '{}' },
      { outcome: 'unknown' },
    ],
  ])('returns the known outcome of an attempt if Twilio %s', async (_what, fault, outcome) => {
    const { sid } = twilio.createConversation();
    twilio.faults.next(1, fault, ({ method }) => method === 'POST');

    expect(await open(sid).tryToAddWorker(WORKER)).toMatchObject(outcome);
    expect(twilio.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test.each<[string, (conversation: TwilioConversation) => Promise<unknown>]>([
    ['participants', (conversation) => conversation.participants()],
    ['participant', (conversation) => conversation.participant('MB1')],
    ['setParticipantAttributes', (conversation) => conversation.setParticipantAttributes('MB1', '{}')],
    ['read', (conversation) => conversation.read()],
    ['update', (conversation) => conversation.update({ FriendlyName: 'Jane' })],
  ])('reports a missing conversation: %s', async (_method, ask) => {
    await expect(ask(open(`CH${'0'.repeat(32)}`))).rejects.toBeInstanceOf(NotFoundError);
  });

  test('reports a closed conversation on changes, but can still read it', async () => {
    const { sid } = twilio.createConversation({ friendlyName: 'Jane', participants: [{ identity: WORKER }] });
    await open(sid).update({ FriendlyName: 'Jane Roe' });
    const closing = new URLSearchParams({ State: 'closed' });
    const authorization = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`;
    await fetch(`${twilio.url}/v1/Conversations/${sid}`, {
      method: 'POST',
      headers: { authorization },
      body: closing,
    });

    expect(await open(sid).tryToAddWorker('bob')).toMatchObject({ outcome: 'closed' });
    await expect(open(sid).update({ FriendlyName: 'J' })).rejects.toBeInstanceOf(NotFoundError);
    expect(await open(sid).read()).toMatchObject({ friendly_name: 'Jane Roe' });
    expect(await open(sid).participants()).toMatchObject([{ identity: WORKER, messaging_binding: null }]);
  });

  test('reports a missing conversation when a worker is added', async () => {
    expect(await open(`CH${'0'.repeat(32)}`).tryToAddWorker(WORKER)).toMatchObject({ outcome: 'not-found' });
  });

  test('changes only the given fields', async () => {
    const { sid } = twilio.createConversation({ friendlyName: 'Jane', attributes: '{"a":1}' });

    await open(sid).update({ Attributes: '{"a":2}' });

    expect(twilio.conversation(sid)).toMatchObject({ friendlyName: 'Jane', attributes: '{"a":2}' });
  });

  test('names the keys of the secret, and neither value, if Twilio rejects the credentials', async () => {
    const { sid } = twilio.createConversation();

    const refusal = open(sid, { authToken: 'wrong-token' }).read();

    await expect(refusal).rejects.toMatchObject({
      name: 'CredentialsRefused',
      message: expect.stringMatching(/^(?=.*AUTH_TOKEN)(?!.*(wrong-token|AC0123))/),
    });
  });
});
