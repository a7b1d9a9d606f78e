import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeFrame, FrameReader, OPCODES } from '../../../emulators/websocket-api/frames';
import { startWebSocketApi, type WebSocketApi } from '../../../emulators/websocket-api/websocket-api';
import { LiveClient } from '../../world/live-client';

describe('frames', () => {
  const payloads = fc.array(
    fc.record({
      size: fc.oneof(fc.nat(300), fc.constantFrom(125, 126, 65_535, 65_536)),
      masked: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  );

  test('are read as they were written, in any pieces', () => {
    fc.assert(
      fc.property(payloads, fc.integer({ min: 1, max: 5_000 }), (all, piece) => {
        const written = all.map(({ size }, index) => Buffer.alloc(size, index + 65));
        const bytes = Buffer.concat(
          all.map(({ masked }, index) =>
            encodeFrame(OPCODES.text, written[index] ?? Buffer.alloc(0), masked),
          ),
        );
        const reader = new FrameReader();
        const read: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += piece) {
          read.push(...reader.push(bytes.subarray(at, at + piece)).map(({ payload }) => payload));
        }
        expect(read.map(String)).toEqual(written.map(String));
      }),
      { numRuns: 30 },
    );
  });

  test('that are too large end the connection', () => {
    const head = Buffer.from([0x81, 127, 0, 0, 0, 0, 0xff, 0, 0, 0]);
    expect(() => new FrameReader().push(head)).toThrow(RangeError);
  });
});

interface Routed {
  readonly requestContext: { readonly routeKey: string; readonly connectionId: string };
  readonly body?: string;
}

describe('the API', () => {
  let api: WebSocketApi;
  let status: number;
  let calls: Routed[];
  beforeEach(async () => {
    status = 200;
    calls = [];
    const handler = (event: unknown) => {
      calls.push(JSON.parse(JSON.stringify(event)));
      return { statusCode: status };
    };
    api = await startWebSocketApi({ handler: { name: 'live', timeoutMilliseconds: 1_000, handler } });
  });
  afterEach(() => api.close());

  const routes = () => calls.map(({ requestContext }) => requestContext.routeKey);
  const management = () =>
    new ApiGatewayManagementApiClient({
      endpoint: api.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
  const post = (ConnectionId: string) =>
    management().send(new PostToConnectionCommand({ ConnectionId, Data: Buffer.from('{"kind":"pong"}') }));

  test('calls the function for a connection, its messages and its end, and sends to it', async () => {
    const client = await LiveClient.connect(api.liveUrl);
    client.send('{"kind":"ping"}');
    await post(String(calls[0]?.requestContext.connectionId));
    await client.next('pong');
    expect(api.connections).toBe(1);
    client.close();
    while (api.connections > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(routes()).toEqual(['$connect', '$default', '$disconnect']);
    expect(calls[1]?.body).toBe('{"kind":"ping"}');
    await expect(post(String(calls[0]?.requestContext.connectionId))).rejects.toThrow('GoneException');
  });

  test('closes a connection on demand, once', async () => {
    const client = await LiveClient.connect(api.liveUrl);
    const ConnectionId = String(calls[0]?.requestContext.connectionId);
    await management().send(new DeleteConnectionCommand({ ConnectionId }));
    while (!client.isClosed || api.connections > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(routes()).toEqual(['$connect', '$disconnect']);
    await expect(management().send(new DeleteConnectionCommand({ ConnectionId }))).rejects.toThrow(
      'GoneException',
    );
  });

  test('refuses what the function refuses, and names that are not of this machine', async () => {
    status = 401;
    await expect(LiveClient.connect(api.liveUrl)).rejects.toThrow('refused with 401');
    status = 200;
    await expect(LiveClient.connect(api.liveUrl.replace('localhost', 'evil.example'))).rejects.toThrow(
      'refused with 403',
    );
    expect(routes()).toEqual(['$connect']);
  });

  test('goes on after a path that is not an address', async () => {
    const client = await LiveClient.connect(`${api.liveUrl}//`);
    client.close();
    expect(routes()[0]).toBe('$connect');
  });

  test('sends nothing without a signature', async () => {
    const { status: answer } = await fetch(`${api.url}/@connections/x`, { method: 'POST', body: '{}' });
    expect(answer).toBe(403);
  });
});
