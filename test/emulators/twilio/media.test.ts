import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { ACCOUNT_SID, AUTH_TOKEN, aTwilio, basic, CUSTOMER, call } from './account';

const BYTES = Buffer.from([0xff, 0xd8, 0x00, 0x0d, 0x0a, 0xfe]);
const Metadata = v.object({
  sid: v.string(),
  links: v.object({ content: v.string(), content_direct_temporary: v.string() }),
});

async function withUpload(
  body: Buffer<ArrayBuffer> | FormData = BYTES,
  headers: Record<string, string> = { 'content-type': 'image/jpeg' },
) {
  const twilio = await aTwilio({ mediaLifetimeMs: 60_000 });
  const path = `/v1/Services/${twilio.conversationServiceSid}/Media`;
  const authorization = basic(ACCOUNT_SID, AUTH_TOKEN);
  const response = await fetch(`${twilio.url}${path}?Filename=car.jpg`, {
    method: 'POST',
    headers: { authorization, ...headers },
    body,
  });
  const uploaded: unknown = await response.json();
  const { sid, links } = v.parse(Metadata, uploaded);
  return { twilio, path, authorization, status: response.status, uploaded, sid, links };
}

async function bytesAt(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}

describe('the Media Content Service', () => {
  test('takes the bytes of a file, and returns them with their metadata', async () => {
    const { twilio, path, authorization, status, uploaded, sid, links } = await withUpload();

    const content = await bytesAt(`${twilio.url}${links.content}`, { authorization });

    expect(status).toBe(201);
    expect(uploaded).toMatchObject({
      service_sid: twilio.conversationServiceSid,
      size: 6,
      content_type: 'image/jpeg',
      filename: 'car.jpg',
      category: 'media',
      message_sid: null,
      is_multipart_upstream: false,
      url: `${path}/${sid}`,
    });
    expect(content).toEqual({ status: 200, type: 'image/jpeg', bytes: BYTES });
  });

  test('takes a form with a file', async () => {
    const form = new FormData();
    form.append('file', new Blob([BYTES], { type: 'image/png' }), 'größe.png');

    const { uploaded, links } = await withUpload(form, {});

    expect(uploaded).toMatchObject({
      content_type: 'image/png',
      filename: 'größe.png',
      size: 6,
      is_multipart_upstream: true,
    });
    expect((await bytesAt(links.content_direct_temporary)).bytes).toEqual(BYTES);
  });

  test('gives temporary addresses that need no credentials, and expire', async () => {
    const { twilio, path, sid, links } = await withUpload();
    const { content_direct_temporary: first } = links;

    const before = await bytesAt(first);
    await twilio.passTime(61_000);
    const after = await bytesAt(first);
    const again = v.parse(Metadata, (await call(twilio, `GET ${path}/${sid}`)).body);

    expect([before.status, after.status]).toEqual([200, 403]);
    expect((await bytesAt(again.links.content_direct_temporary)).status).toBe(200);
    expect((await bytesAt(first.replace(/Expires=\d+/, 'Expires=9999999999'))).status).toBe(403);
  });

  test('returns many files at once', async () => {
    const { twilio, path, authorization, sid } = await withUpload();

    const response = await fetch(`${twilio.url}${path}Set`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ command: 'get', list: [{ media_sid: sid }, { media_sid: 'ME0' }] }),
    });

    expect(await response.json()).toMatchObject([
      { code: 200, media_record: { sid } },
      { code: 404, media_record: null },
    ]);
  });

  test('has what a customer sends, and says in which message', async () => {
    const twilio = await aTwilio();
    const media = [{ bytes: BYTES, contentType: 'image/jpeg', filename: 'cat.jpg' }];

    const received = await twilio.receiveMessage({ from: CUSTOMER, body: '', media });

    const [message] = twilio.messages(received.conversationSid ?? '');
    const [file] = message?.media ?? [];
    const path = `/v1/Services/${twilio.conversationServiceSid}/Media/${file?.sid}`;
    expect(message).toMatchObject({ body: '', media: [{ filename: 'cat.jpg', size: 6 }] });
    expect((await call(twilio, `GET ${path}`)).body).toMatchObject({
      author: CUSTOMER,
      message_sid: message?.sid,
      channel_sid: received.conversationSid,
    });
    expect((await call(twilio, `GET ${path}`, {}, { authorization: 'Basic wrong' })).status).toBe(401);
  });
});
