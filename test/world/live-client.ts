import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { encodeFrame, FrameReader, OPCODES } from '../../emulators/websocket-api/frames';
import { LiveEvent } from '../../lambdas/inbox/api';

const Parsed = v.pipe(v.string(), v.parseJson(), LiveEvent);
const LONGEST_WAIT_MS = 5_000;

/** A browser's live socket. Node 20 has no WebSocket of its own. */
export class LiveClient {
  readonly events: LiveEvent[] = [];
  readonly receivedAt: number[] = [];
  isClosed = false;

  private constructor(private readonly socket: Duplex) {
    const reader = new FrameReader();
    socket.on('data', (bytes: Buffer) => {
      for (const { opcode, payload } of reader.push(bytes)) {
        if (opcode !== OPCODES.text) continue;
        this.events.push(v.parse(Parsed, payload.toString()));
        this.receivedAt.push(performance.now());
      }
    });
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
      upgrade.on('upgrade', (_response, socket) => resolve(new LiveClient(socket)));
      upgrade.on('response', ({ statusCode }) => reject(new Error(`refused with ${statusCode}`)));
      upgrade.on('error', reject);
      upgrade.end();
    });
  }

  send(text: string): void {
    this.socket.write(encodeFrame(OPCODES.text, Buffer.from(text), true));
  }

  /** Waits for an event of this kind that fits. @throws {Error} after five seconds */
  async next<TKind extends LiveEvent['kind']>(
    kind: TKind,
    fits: (event: Extract<LiveEvent, { kind: TKind }>) => boolean = () => true,
  ): Promise<Extract<LiveEvent, { kind: TKind }>> {
    const isWanted = (event: LiveEvent): event is Extract<LiveEvent, { kind: TKind }> => event.kind === kind;
    for (let waited = 0; waited < LONGEST_WAIT_MS; waited += 10) {
      const found = this.events.filter(isWanted).find(fits);
      if (found !== undefined) return found;
      await delay(10);
    }
    throw new Error(`No ${kind} came, only ${this.events.map((event) => event.kind).join(', ')}`);
  }

  close(): void {
    this.socket.destroy();
  }
}
