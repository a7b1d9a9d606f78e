import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Deadline } from '../../../lambdas/deadline/deadline';
import { NotFound, UpstreamFailed } from '../../../lambdas/errors/errors';
import { Journal } from '../../../lambdas/journal/journal';
import { TwilioConversation } from '../../../lambdas/twilio/conversation';
import { Refused, TwilioClient } from '../../../lambdas/twilio/twilio-client';
import { startTwilio, type TwilioStandIn } from '../../../local/twilio/twilio-stand-in';
import { ACCOUNT_SID, AUTH_TOKEN } from '../../world/world';

const WORKER = 'ana+1@example.com';

let twilio: TwilioStandIn;
beforeEach(async () => {
  twilio = await startTwilio({ accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN });
});
afterEach(() => twilio.close());

/** The conversation as the service opens it, which may be one that Twilio does not have. */
function open(conversationSid: string, { authToken = AUTH_TOKEN } = {}): TwilioConversation {
  const credentials = {
    accountSid: ACCOUNT_SID,
    authToken,
    signingTokens: [authToken],
    airtableApiKey: 'patUnused',
  };
  const client = new TwilioClient(credentials, { deadline: Deadline.in(5_000), journal: new Journal() });
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
  test('takes a worker by an identity of any characters, and the same one again', async () => {
    const { sid } = twilio.createConversation();

    await open(sid).addWorker(WORKER);
    await open(sid).addWorker(WORKER);
    await open(sid).addWorker('Jörg & Söhne %2B');

    expect(identities(sid)).toEqual([WORKER, 'Jörg & Söhne %2B']);
  });

  test('says with what code Twilio refuses a worker', async () => {
    const { sid } = twilio.createConversation();

    await expect(open(sid).addWorker('x'.repeat(257))).rejects.toMatchObject({ status: 400, code: 50207 });
    await expect(open(sid).addWorker('x'.repeat(257))).rejects.toBeInstanceOf(Refused);
    await expect(open(sid).addWorker('x'.repeat(257))).rejects.toBeInstanceOf(UpstreamFailed);
  });

  test.each<[string, (conversation: TwilioConversation) => Promise<unknown>]>([
    ['addWorker', (conversation) => conversation.addWorker(WORKER)],
    ['participants', (conversation) => conversation.participants()],
    ['participant', (conversation) => conversation.participant('MB1')],
    ['setParticipantAttributes', (conversation) => conversation.setParticipantAttributes('MB1', '{}')],
    ['read', (conversation) => conversation.read()],
    ['update', (conversation) => conversation.update({ FriendlyName: 'Jane' })],
  ])('says that it is not there: %s', async (_method, ask) => {
    await expect(ask(open(`CH${'0'.repeat(32)}`))).rejects.toBeInstanceOf(NotFound);
  });

  test('says that it is closed where something should be changed, and can still be read', async () => {
    const { sid } = twilio.createConversation({ friendlyName: 'Jane', participants: [{ identity: WORKER }] });
    await open(sid).update({ FriendlyName: 'Jane Roe' });
    const closing = new URLSearchParams({ State: 'closed' });
    const authorization = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`;
    await fetch(`${twilio.url}/v1/Conversations/${sid}`, {
      method: 'POST',
      headers: { authorization },
      body: closing,
    });

    await expect(open(sid).addWorker('bob')).rejects.toBeInstanceOf(NotFound);
    await expect(open(sid).update({ FriendlyName: 'J' })).rejects.toBeInstanceOf(NotFound);
    expect(await open(sid).read()).toMatchObject({ friendly_name: 'Jane Roe' });
    expect(await open(sid).participants()).toMatchObject([{ identity: WORKER, messaging_binding: null }]);
  });

  test('changes nothing that it is not told to', async () => {
    const { sid } = twilio.createConversation({ friendlyName: 'Jane', attributes: '{"a":1}' });

    await open(sid).update({ Attributes: '{"a":2}' });

    expect(twilio.conversation(sid)).toMatchObject({ friendlyName: 'Jane', attributes: '{"a":2}' });
  });

  test('names the keys of the secret, and neither value, where Twilio refuses the credentials', async () => {
    const { sid } = twilio.createConversation();

    const refusal = open(sid, { authToken: 'wrong-token' }).read();

    await expect(refusal).rejects.toMatchObject({
      name: 'CredentialsRefused',
      message: expect.stringMatching(/^(?=.*AUTH_TOKEN)(?!.*(wrong-token|AC0123))/),
    });
  });
});
