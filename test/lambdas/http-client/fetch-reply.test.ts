import { describe, expect, test } from '@jest/globals';
import {
  fetchReply,
  MAX_REPLY_BYTES,
  NoResponseError,
  ReplyTooLargeError,
} from '../../../lambdas/http-client/fetch-reply';
import { type ReplyServer, serveReplies } from './serve-replies';
import { VirtualClock } from './virtual-clock';

const get = ({ url }: Pick<ReplyServer, 'url'>, milliseconds = 10_000, signal?: AbortSignal) =>
  fetchReply(
    { system: 'Airtable', method: 'GET', url: `${url}/v0/x%20y?secret=1`, headers: {} },
    { milliseconds, signal, clock: new VirtualClock(Date.parse('2026-03-01T12:00:00Z')) },
  );

describe('a response', () => {
  test('with any status is a value, with headers, JSON and the time of its request', async () => {
    const server = await serveReplies({ status: 422, body: { a: 1 }, headers: { 'x-one': '1' } });

    expect(await get(server)).toMatchObject({
      status: 422,
      body: { a: 1 },
      text: '{"a":1}',
      retryAfterSeconds: null,
      sentAt: Date.parse('2026-03-01T12:00:00Z'),
    });
  });

  test('that is not JSON has a text and no body', async () => {
    expect(await get(await serveReplies({ status: 502, body: '<html>' }))).toMatchObject({
      text: '<html>',
      body: undefined,
    });
  });

  test('with a redirect is not followed', async () => {
    const server = await serveReplies({ status: 307, headers: { location: '/elsewhere' } });

    expect(await get(server)).toMatchObject({ status: 307 });
    expect(server.requests).toHaveLength(1);
  });

  test('of many bytes is read whole, including characters split by the network', async () => {
    const text = 'é'.repeat(MAX_REPLY_BYTES / 2);

    expect(await get(await serveReplies({ status: 200, body: text }))).toMatchObject({ text });
  });

  test('without an end is aborted at 8 MB, and its connection is closed', async () => {
    let sent = 0;
    const server = await serveReplies((response) => {
      const chunk = Buffer.alloc(64 * 1_024, 'x');
      const pump = () => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
        response.once('drain', pump);
      };
      response.writeHead(200);
      pump();
    });

    const outcome = await get(server);

    expect(outcome).toBeInstanceOf(ReplyTooLargeError);
    expect(outcome).toMatchObject({ message: 'Airtable returned more than 8 MB to GET /v0/x y' });
    while ((await server.openConnections()) > 0) await new Promise(setImmediate);
    expect(sent).toBeLessThan(4 * MAX_REPLY_BYTES);
  });
});

describe('Retry-After', () => {
  const secondsIn = async (headers: Record<string, string>) =>
    get(await serveReplies({ status: 503, headers }));

  test.each([
    ['7', 7],
    ['0', 0],
    ['Sun, 01 Mar 2026 12:00:30 GMT', 30],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['Sun, 01 Mar 2099 12:00:00 GMT', 99_999],
    ['soon', null],
    ['-1', null],
    ['1.5', null],
    ['2026-03-01', null],
    ['Sun, 99 Mar 2026 12:00:30 GMT', null],
  ])('%p is %p seconds', async (header, seconds) => {
    const headers = { 'retry-after': header, date: 'Sun, 01 Mar 2026 12:00:00 GMT' };

    expect(await secondsIn(headers)).toMatchObject({ retryAfterSeconds: seconds });
  });

  test("as a date is compared with the server's clock, not with the local one", async () => {
    const headers = { 'retry-after': 'Sun, 01 Mar 2026 13:00:05 GMT', date: 'Sun, 01 Mar 2026 13:00:00 GMT' };

    expect(await secondsIn(headers)).toMatchObject({ retryAfterSeconds: 5 });
  });
});

describe('no response', () => {
  test('is also a value, and names the request without its query', async () => {
    const server = await serveReplies({ status: 200 });
    await server.close();

    const outcome = await get(server);

    expect(outcome).toBeInstanceOf(NoResponseError);
    expect(outcome).toMatchObject({
      message: 'No response from Airtable to GET /v0/x y',
      reason: 'connection refused',
    });
  });

  test('results from a broken connection', async () => {
    const server = await serveReplies((response) => response.destroy());

    expect(await get(server)).toMatchObject({ name: 'NoResponseError', reason: 'connection broken' });
  });

  test.each([
    ['headers', () => {}],
    [
      'the rest of a body',
      (response: import('node:http').ServerResponse) => void response.writeHead(200).write('{"rec'),
    ],
  ])('results from %s that take too long', async (_what, reply) => {
    const server = await serveReplies(reply);

    expect(await get(server, 100)).toMatchObject({ name: 'NoResponseError', reason: 'timed out' });
  });

  test('results at once when the signal aborts', async () => {
    const stop = new AbortController();
    const server = await serveReplies(() => stop.abort());

    expect(await get(server, 600_000, stop.signal)).toBeInstanceOf(NoResponseError);
  });
});
