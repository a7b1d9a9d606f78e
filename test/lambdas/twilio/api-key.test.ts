import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Deadline } from '../../../lambdas/http-client/deadline';
import { RequestLog } from '../../../lambdas/telemetry/request-log';
import { openChatApi } from '../../../lambdas/twilio/chat-api';
import { contentTemplates } from '../../../lambdas/twilio/content-api';
import { type Clock, stopClock } from '../../world/clock';
import { callbackNamed } from '../../world/five-callbacks';
import { startFive, world } from '../../world/use-world';
import { ACCOUNT_SID, CREDENTIALS } from '../../world/world';

const MINUTE = 60_000;
const KEY = { sid: `SK${'a'.repeat(32)}`, secret: 'secret-of-the-key' };
const NEW_KEY = { sid: `SK${'b'.repeat(32)}`, secret: 'secret-of-the-new-key' };
const LIMITED = { sid: `SK${'c'.repeat(32)}`, secret: 'secret-of-the-third', apis: ['content'] } as const;

let clock: Clock;
beforeEach(async () => {
  clock = stopClock();
  await startFive({ apiKeys: [KEY, NEW_KEY, LIMITED] });
});
afterEach(() => clock.release());

const put = ({ sid, secret }: { readonly sid: string; readonly secret: string }) =>
  world.fillSecret(
    JSON.stringify({ ...CREDENTIALS, TWILIO_API_KEY_SID: sid, TWILIO_API_KEY_SECRET: secret }),
  );
const ask = (name: 'routing' | 'twilio-conversations') => {
  const { handler, asks, path } = callbackNamed(name);
  return world.ask(handler, asks, { path });
};
const users = () => [...new Set(world.twilio.requests.map(({ user }) => user))];

describe('with an API key in the secret', () => {
  test('every request of the callbacks uses it, and the auth token still verifies signatures', async () => {
    put(KEY);

    expect(await ask('routing')).toMatchObject({ status: 200 });
    expect(await ask('twilio-conversations')).toMatchObject({ status: 200 });

    expect(world.twilio.requests.length).toBeGreaterThan(2);
    expect(users()).toEqual([KEY.sid]);
  });

  test('media and content templates are read with it too', async () => {
    const { url } = world.twilio;
    const file = world.twilio.addMedia({ bytes: Buffer.from('x'), contentType: 'image/png' });
    const request = {
      configuration: { conversationsUrl: url, frontlineUrl: url },
      credentials: { accountSid: ACCOUNT_SID, authToken: 'not used', twilioApiKey: KEY },
      deadline: Deadline.in(5_000),
      requestLog: new RequestLog(),
    };

    await contentTemplates(request, url);
    await openChatApi(request, url, null).mediaAddress(world.twilio.conversationServiceSid, file.sid);

    expect(world.twilio.requests.map(({ status, user }) => [status, user])).toEqual([
      [200, KEY.sid],
      [200, KEY.sid],
    ]);
  });

  test('that Twilio rejects, the error names the key, and the next request fetches the secret again', async () => {
    put({ ...KEY, secret: 'revoked' });

    const { status, body } = await ask('twilio-conversations');
    expect(status).toBe(502);
    expect(JSON.stringify(body)).toMatch(/TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET/);
    expect(JSON.stringify(body)).not.toMatch(/AUTH_TOKEN|revoked/);
    put(NEW_KEY);
    clock.advance(MINUTE);

    expect(await ask('twilio-conversations')).toMatchObject({ status: 200 });
  });

  test('that lacks a permission, the error names the request', async () => {
    put(LIMITED);

    const { body } = await ask('twilio-conversations');

    expect(JSON.stringify(body)).toMatch(/TWILIO_API_KEY_SID for GET \/v1\/.*lacks a permission/);
  });
});

test('without an API key, requests use the account and its token', async () => {
  expect(await ask('twilio-conversations')).toMatchObject({ status: 200 });

  expect(users()).toEqual([ACCOUNT_SID]);
});
