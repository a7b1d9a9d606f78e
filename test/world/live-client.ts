import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import * as v from 'valibot';
import { encodeFrame, FrameReader, OPCODES } from '../../emulators/websocket-api/frames';
import { LiveEvent } from '../../lambdas/inbox/api';
import { until } from './until';

const Parsed = v.pipe(v.string(), v.parseJson(), LiveEvent);

/** A browser's live socket. Node 20 has no WebSocket of its own. */
export class LiveClient {
  readonly events: LiveEvent[] = [];
  readonly receivedAt: number[] = [];
  isClosed = false;

  /** @param head the first frames, if they came with the response to the upgrade */
  private constructor(
    private readonly socket: Duplex,
    head: Buffer,
  ) {
    const reader = new FrameReader();
    const read = (bytes: Buffer) => {
      for (const { opcode, payload } of reader.push(bytes)) {
        if (opcode !== OPCODES.text) continue;
        this.events.push(v.parse(Parsed, payload.toString()));
        this.receivedAt.push(performance.now());
      }
    };
    read(head);
    socket.on('data', read);
    socket.on('close', () => {
      this.isClosed = true;
    });
    socket.on('error', () => {});
  }

  /** @throws {Error} with the status of a refusal */
  static connect(liveUrl: string): Promise<LiveClient> {
    const url = new URL(liveUrl);
    return new Promise((resolve, reject) => {
      const upgrade = request({
        host: '127.0.0.1',
        port: url.port,
        path: url.pathname + url.search,
        headers: {
          host: url.host,
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': randomBytes(16).toString('base64'),
        },
      });
      upgrade.on('upgrade', (_response, socket, head) => resolve(new LiveClient(socket, head)));
      upgrade.on('response', ({ statusCode }) => reject(new Error(`refused with ${statusCode}`)));
      upgrade.on('error', reject);
      upgrade.end();
    });
  }

  send(text: string): void {
    this.socket.write(encodeFrame(OPCODES.text, Buffer.from(text), true));
  }

  /** Waits for an event of this kind that fits. @throws {Error} after a minute */
  async next<TKind extends LiveEvent['kind']>(
    kind: TKind,
    fits: (event: Extract<LiveEvent, { kind: TKind }>) => boolean = () => true,
  ): Promise<Extract<LiveEvent, { kind: TKind }>> {
    const isWanted = (event: LiveEvent): event is Extract<LiveEvent, { kind: TKind }> => event.kind === kind;
    return until(
      () => this.events.filter(isWanted).find(fits),
      () => `${kind}, only with ${this.events.map((event) => event.kind).join(', ')}`,
    );
  }

  /** Receives everything that was sent to it until now: the answer to a ping comes after that. */
  async catchUp(): Promise<void> {
    const pongs = () => this.events.filter(({ kind }) => kind === 'pong').length;
    const before = pongs();
    this.send('{"kind":"ping"}');
    await until(
      () => pongs() > before,
      () => 'a pong',
    );
  }

  close(): void {
    this.socket.destroy();
  }
}
