import { describe, expect, test } from '@jest/globals';
import { ACCOUNT_SID, aTwilio, basic, call } from './account';

const APIS = ['account', 'content', 'conversations', 'frontline', 'media', 'messaging'] as const;

describe('a request that the emulator does not support', () => {
  test.each([
    ['GET /v1/Conversations/CH1/Webhooks', 'GET /v1/Conversations/{}/Webhooks'],
    ['GET /v1/Conversations/CH1/Messages/IM1/ChannelMetadata', '/ChannelMetadata'],
    ['POST /v1/ConversationWithParticipants', 'POST /v1/ConversationWithParticipants'],
    ['GET /v1/Roles', 'GET /v1/Roles'],
    ['DELETE /messaging/v1/Services/MG1', 'DELETE /messaging/v1/Services/{}'],
    ['PUT /v1/Content/HX1', 'PUT /v1/Content/{}'],
    [`GET /2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`, '/Messages.json'],
  ])('%s is named', async (operation, name) => {
    const twilio = await aTwilio();

    expect(await call(twilio, operation)).toMatchObject({
      status: 501,
      body: { code: 20501, message: expect.stringContaining(name) },
    });
  });

  test('is named below the service too', async () => {
    const twilio = await aTwilio();

    const roles = await call(twilio, `GET /v1/Services/${twilio.conversationServiceSid}/Roles`);

    expect(roles.status).toBe(501);
  });

  test.each(['PUT /v1/Conversations', 'POST /v1/ParticipantConversations', 'DELETE /v1/Users'])(
    '%s has a method that Twilio does not have',
    async (operation) => {
      const twilio = await aTwilio();

      expect(await call(twilio, operation)).toMatchObject({ status: 405, body: { code: 20004 } });
    },
  );

  test.each([
    ['GET /v1/Conversations', { Sort: 'x' }],
    [`GET /2010-04-01/Accounts/${ACCOUNT_SID}/IncomingPhoneNumbers.json`, { Origin: 'hosted' }],
    ['GET /v1/ContentAndApprovals', { Language: 'en' }],
  ])('%s has a filter that it names', async (operation, query) => {
    const twilio = await aTwilio();

    expect(await call(twilio, operation, query)).toMatchObject({
      status: 501,
      body: { message: expect.stringContaining(Object.keys(query).join()) },
    });
  });

  test('is not found if Twilio does not have it either', async () => {
    const twilio = await aTwilio();

    expect(await call(twilio, 'GET /v1/Nonsense')).toMatchObject({ status: 404, body: { code: 20404 } });
  });
});

describe('an API key', () => {
  test('may do everything but read the account', async () => {
    const secret = 'b'.repeat(32);
    const sid = `SK${'b'.repeat(32)}`;
    const twilio = await aTwilio({ apiKeys: [{ sid, secret }] });
    const withKey = (operation: string) => call(twilio, operation, {}, { authorization: basic(sid, secret) });

    expect((await withKey('GET /v1/Conversations')).status).toBe(200);
    expect((await withKey(`GET /2010-04-01/Accounts/${ACCOUNT_SID}.json`)).status).toBe(401);
    expect(twilio.requests.map(({ user }) => user)).toEqual([sid, sid]);
  });

  test.each([
    ['conversations', 'GET /v1/Conversations'],
    ['conversations', 'GET /v1/Users/ana/Conversations'],
    ['content', 'GET /v1/ContentAndApprovals'],
    ['media', 'GET /v1/Services/IS/Media/ME1'],
    ['frontline', 'GET /v1/Users/ana'],
    ['account', `GET /2010-04-01/Accounts/${ACCOUNT_SID}/IncomingPhoneNumbers.json`],
  ] as const)('may be limited to some APIs: without %s it is refused %s', async (api, operation) => {
    const key = { sid: `SK${'b'.repeat(32)}`, secret: 'b'.repeat(32) };
    const others = APIS.filter((one) => one !== api);
    const [without, only] = [
      await aTwilio({ apiKeys: [{ ...key, apis: others }] }),
      await aTwilio({ apiKeys: [{ ...key, apis: [api] }] }),
    ];
    const authorization = basic(key.sid, key.secret);

    expect(await call(without, operation, {}, { authorization })).toMatchObject({
      status: 401,
      body: { code: 70051 },
    });
    expect((await call(only, operation, {}, { authorization })).status).not.toBe(401);
  });
});
