import { describe, expect, test } from '@jest/globals';
import { aTwilio, CUSTOMER, call, officialClient, SMS_NUMBER } from './account';

const WORKER = 'ana@example.com';
const CONTENT = {
  sid: `HX${'a'.repeat(32)}`,
  friendlyName: 'appointment',
  variables: { 1: 'Jane', date: 'Monday' },
  types: { 'twilio/text': { body: 'Hello {{1}}, see you on {{date}}.' } },
  approval: { status: 'approved' },
};

async function withConversation(participants = [{ address: CUSTOMER, proxyAddress: SMS_NUMBER }]) {
  const twilio = await aTwilio({ contents: [CONTENT] });
  const { sid } = twilio.createConversation({ participants: [{ identity: WORKER }, ...participants] });
  const path = `/v1/Conversations/${sid}/Messages`;
  return { twilio, sid, path, post: (form: Record<string, string>) => call(twilio, `POST ${path}`, form) };
}

describe('messages', () => {
  test('are listed in both orders, linked to their author, and fetched', async () => {
    const { twilio, sid, path, post } = await withConversation();
    const { messages } = officialClient(twilio).conversations.v1.conversations(sid);

    await post({ Body: 'First' });
    const second = await messages.create({ body: 'Second', author: WORKER });

    const ascending = await messages.list();
    const descending = await call(twilio, `GET ${path}`, { Order: 'desc', PageSize: '1' });
    expect(ascending.map(({ index, author, body }) => [index, author, body])).toEqual([
      [0, 'system', 'First'],
      [1, WORKER, 'Second'],
    ]);
    expect(second.participantSid).toBe(twilio.participants(sid)[0]?.sid);
    expect(descending.body).toMatchObject({ messages: [{ body: 'Second' }] });
    expect(await messages(second.sid).fetch()).toMatchObject({ body: 'Second', media: null, delivery: null });
  });

  test('have gaps between their indexes after a deletion, or on demand', async () => {
    const { twilio, sid, path, post } = await withConversation();
    const first = await post({ Body: 'First' });
    await call(twilio, `DELETE ${path}/${twilio.messages(sid)[0]?.sid}`);
    await post({ Body: 'Second' });
    twilio.skipIndexes(sid, 2);
    await post({ Body: 'Third' });

    expect(first.body).toMatchObject({ index: 0 });
    expect(twilio.messages(sid).map(({ index }) => index)).toEqual([1, 4]);
  });

  test('are changed, and events name them, if the call requests it', async () => {
    const { twilio, sid, path, post } = await withConversation();
    await post({ Body: 'Hello' });
    const message = `${path}/${twilio.messages(sid)[0]?.sid}`;

    const changed = await call(twilio, `POST ${message}`, { Body: 'Hi', Attributes: '{"a":1}' });

    expect(changed.body).toMatchObject({ body: 'Hi', attributes: '{"a":1}', author: 'system' });
    expect(twilio.messages(sid)[0]?.deliveredText).toBe('Hello');
  });

  test.each([
    ['nothing', {}, 50503],
    ['a body over 1600 characters to a customer', { Body: 'x'.repeat(1601) }, 50504],
    ['attributes that are not JSON', { Body: 'x', Attributes: '{a}' }, 50304],
    ['a date that is not one', { Body: 'x', DateCreated: 'yesterday' }, 20001],
    ['media that is not a SID', { MediaSid: 'ME1' }, 50510],
    ['unknown media', { MediaSid: `ME${'f'.repeat(32)}` }, 50507],
    ['content that is not a SID', { ContentSid: 'HX1' }, 50526],
    ['unknown content', { ContentSid: `HX${'f'.repeat(32)}` }, 50526],
    ['variables without content', { Body: 'x', ContentVariables: '{}' }, 50528],
    ['variables that are not an object', { ContentSid: CONTENT.sid, ContentVariables: '["a"]' }, 50527],
    [
      'a long variable name',
      { ContentSid: CONTENT.sid, ContentVariables: `{"${'k'.repeat(17)}":""}` },
      50540,
    ],
    ['a long variable', { ContentSid: CONTENT.sid, ContentVariables: `{"1":"${'v'.repeat(257)}"}` }, 50541],
    [
      'more than 100 variables',
      {
        ContentSid: CONTENT.sid,
        ContentVariables: JSON.stringify(Object.fromEntries(Array.from({ length: 101 }, (_, i) => [i, '']))),
      },
      50529,
    ],
  ])('are rejected with %s', async (_what, form, code) => {
    const { twilio, sid, post } = await withConversation();

    expect(await post(form)).toMatchObject({ status: 400, body: { code } });
    expect(twilio.messages(sid)).toEqual([]);
  });

  test('between workers hold 32 KB', async () => {
    const { post } = await withConversation([]);

    expect((await post({ Body: 'x'.repeat(1601) })).status).toBe(201);
    expect((await post({ Body: 'x'.repeat(32 * 1024 + 1) })).status).toBe(400);
  });

  test('of content have no body, and show the customer the text with its variables', async () => {
    const { twilio, sid, post } = await withConversation();

    const sent = await post({
      Body: 'ignored',
      ContentSid: CONTENT.sid,
      ContentVariables: '{"date":"Friday"}',
    });

    expect(sent.body).toMatchObject({ body: null, content_sid: CONTENT.sid });
    expect(twilio.messages(sid)[0]?.deliveredText).toBe('Hello Jane, see you on Friday.');
  });

  test('take a file once, and then keep their body', async () => {
    const { twilio, sid, path, post } = await withConversation();
    const file = twilio.addMedia({
      bytes: Buffer.from('jpeg'),
      contentType: 'image/jpeg',
      filename: 'car.jpg',
    });

    const first = await post({ MediaSid: file.sid });
    const second = await post({ MediaSid: file.sid });
    const changed = await call(twilio, `POST ${path}/${twilio.messages(sid)[0]?.sid}`, { Body: 'x' });

    expect(first.body).toMatchObject({
      body: null,
      media: [{ sid: file.sid, size: 4, content_type: 'image/jpeg', filename: 'car.jpg' }],
    });
    expect(second).toMatchObject({ status: 400, body: { code: 50508 } });
    expect(changed).toMatchObject({ status: 400, body: { code: 50509 } });
  });
});
