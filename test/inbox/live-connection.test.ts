import { describe, expect, test } from '@jest/globals';
import { LiveConnection, type LiveSocket, type SocketEvents } from '../../inbox/logic/live-connection';
import { FakeTime } from './helpers/fake-time';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

class RemovedError extends Error {}
class ThrottledError extends Error {}
class NoAnswerError extends Error {}

/** A socket as the server sees it. */
class ServerSocket implements LiveSocket {
  isOpen = true;
  readonly sent: { readonly at: number; readonly text: string }[] = [];
  closedAt: number | null = null;

  constructor(
    readonly url: string,
    readonly openedAt: number,
    readonly events: SocketEvents,
    private readonly time: FakeTime,
    private readonly isAlive: () => boolean,
  ) {}

  send(text: string): void {
    this.sent.push({ at: this.time.now, text });
    if (this.isAlive()) this.time.schedule(() => this.events.message('pong'), 50);
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.closedAt = this.time.now;
    this.time.schedule(() => this.events.close(), 1);
  }
}

/** A server, and a page that stays connected to it. */
class World {
  readonly time = new FakeTime();
  readonly sockets: ServerSocket[] = [];
  readonly tickets: number[] = [];
  readonly states: string[] = [];
  readonly taken: unknown[] = [];
  caughtUp = 0;
  isOnline = true;
  isAlive = true;
  ticketFails: Error | null = null;
  connectFails: Error | null = null;
  catchUpFails: Error | null = null;

  readonly live = new LiveConnection({
    ticket: async () => {
      this.tickets.push(this.time.now);
      if (this.ticketFails !== null) throw this.ticketFails;
      return `wss://live?ticket=${this.tickets.length}`;
    },
    open: async (url, events) => {
      if (this.connectFails !== null) throw this.connectFails;
      const socket = new ServerSocket(url, this.time.now, events, this.time, () => this.isAlive);
      this.sockets.push(socket);
      return socket;
    },
    catchUp: async () => {
      this.caughtUp += 1;
      if (this.catchUpFails !== null) throw this.catchUpFails;
    },
    take: (data) => {
      if (data !== 'pong') this.taken.push(data);
    },
    isOnline: () => this.isOnline,
    explain: (error) => ({
      isFinal: error instanceof RemovedError,
      isUnreachable: error instanceof NoAnswerError,
      retryAfterMs: error instanceof ThrottledError ? 45_000 : null,
    }),
    onState: (state) => {
      if (this.states.at(-1) !== state) this.states.push(state);
    },
    schedule: this.time.schedule,
    random: () => 0.5,
  });

  get open(): readonly ServerSocket[] {
    return this.sockets.filter(({ isOpen }) => isOpen);
  }
}

async function connected(): Promise<World> {
  const world = new World();
  world.live.start();
  await world.time.pass(1_000);
  expect(world.states).toEqual(['connecting', 'live']);
  return world;
}

describe('the live connection', () => {
  test('says ping every five minutes, and stays the same', async () => {
    const { time, sockets } = await connected();
    await time.pass(31 * MINUTE);
    expect(sockets).toHaveLength(1);
    expect(sockets[0]?.sent.map(({ at }) => Math.round(at / MINUTE))).toEqual([5, 10, 15, 20, 25, 30]);
    expect(sockets[0]?.sent[0]?.text).toBe('{"kind":"ping"}');
  });

  test('says ping at once on waking, and the next one five minutes later', async () => {
    const { time, live, sockets } = await connected();
    await time.pass(3 * MINUTE);
    live.check();
    await time.pass(4 * MINUTE);
    expect(sockets[0]?.sent).toHaveLength(1);
    await time.pass(2 * MINUTE);
    expect(sockets[0]?.sent).toHaveLength(2);
  });

  test('is replaced before two hours: the new one opens first, then the old one closes', async () => {
    const world = await connected();
    const { time, sockets } = world;
    await time.pass(24 * HOUR);
    expect(sockets.length).toBeGreaterThanOrEqual(13);
    for (const [at, socket] of sockets.entries()) {
      const next = sockets[at + 1];
      if (next === undefined) continue;
      expect(socket.closedAt).toBeGreaterThan(next.openedAt);
      expect((socket.closedAt ?? 0) - socket.openedAt).toBeLessThan(2 * HOUR - 3 * MINUTE);
    }
    expect(world.open).toHaveLength(1);
    // No lost connection was shown, and each attempt had a ticket of its own.
    expect(world.states).toEqual(['connecting', 'live']);
    expect(new Set(sockets.map(({ url }) => url)).size).toBe(sockets.length);
    expect(world.tickets).toHaveLength(sockets.length);
    expect(world.caughtUp).toBe(sockets.length);
  });

  test('while one replaces the other, events of both are taken', async () => {
    const { time, sockets, taken } = await connected();
    await time.pass(110 * MINUTE - 1_000);
    expect(sockets).toHaveLength(2);
    sockets[0]?.events.message('on its way to the old one');
    sockets[1]?.events.message('to the new one');
    expect(taken).toEqual(['on its way to the old one', 'to the new one']);
    await time.pass(10_000);
    expect(sockets.map(({ isOpen }) => isOpen)).toEqual([false, true]);
  });

  test('a replacement that fails leaves the old one, and is tried again a minute later', async () => {
    const world = await connected();
    world.connectFails = new Error('403');
    await world.time.pass(112 * MINUTE);
    expect(world.open).toHaveLength(1);
    expect(world.states).toEqual(['connecting', 'live']);
    expect(world.tickets.length).toBeGreaterThanOrEqual(3);
    world.connectFails = null;
    await world.time.pass(2 * MINUTE);
    expect(world.sockets).toHaveLength(2);
    expect(world.open).toHaveLength(1);
  });

  test('one that gives no sign of life in ten seconds is given up, and found again', async () => {
    const world = await connected();
    world.isAlive = false;
    world.live.check();
    await world.time.pass(9_000);
    expect(world.states.at(-1)).toBe('live');
    world.isAlive = true;
    await world.time.pass(2_000);
    expect(world.sockets).toHaveLength(2);
    expect(world.open).toHaveLength(1);
    expect(world.states).toEqual(['connecting', 'live', 'connecting', 'live']);
    expect(world.caughtUp).toBe(2);
  });

  test('one that is refused goes through the API each time, later and later', async () => {
    const world = new World();
    world.connectFails = new Error('401');
    world.live.start();
    await world.time.pass(5 * MINUTE);
    const gaps = world.tickets.slice(1).map((at, index) => at - (world.tickets[index] ?? 0));
    expect(gaps.slice(0, 6)).toEqual([500, 1_000, 2_000, 5_000, 10_000, 20_000]);
    expect(world.tickets.length).toBeLessThan(22);
    expect(world.caughtUp).toBe(world.tickets.length);
  });

  test('one that is accepted and lost at once is not asked for in a fast loop either', async () => {
    const world = new World();
    world.live.start();
    for (let second = 0; second < 5 * 60; second += 1) {
      await world.time.pass(1_000);
      for (const socket of world.open) socket.close();
    }
    expect(world.tickets.length).toBeLessThan(25);
  });

  test('ends where the API says that the worker is out', async () => {
    const world = await connected();
    world.ticketFails = new RemovedError('not-active');
    world.sockets[0]?.close();
    await world.time.pass(HOUR);
    expect(world.tickets).toHaveLength(2);
    expect(world.open).toHaveLength(0);
    // Signed in again, it starts again.
    world.ticketFails = null;
    world.live.start();
    await world.time.pass(1_000);
    expect(world.open).toHaveLength(1);
  });

  test('waits as long as the API asks', async () => {
    const world = new World();
    world.ticketFails = new ThrottledError('throttled');
    world.live.start();
    await world.time.pass(44_000);
    expect(world.tickets).toHaveLength(1);
    world.ticketFails = null;
    await world.time.pass(2_000);
    expect(world.open).toHaveLength(1);
  });

  test('starting twice makes one connection, and stopping closes it for good', async () => {
    const world = await connected();
    world.live.start();
    await world.time.pass(1_000);
    expect(world.sockets).toHaveLength(1);
    world.live.stop();
    await world.time.pass(3 * HOUR);
    expect(world.open).toHaveLength(0);
    expect(world.tickets).toHaveLength(1);
    world.live.check();
    await world.time.pass(1_000);
    expect(world.tickets).toHaveLength(1);
  });

  test('one that opens after the sign-out is closed', async () => {
    const world = new World();
    world.live.start();
    world.live.stop();
    await world.time.pass(1_000);
    expect(world.open).toHaveLength(0);
    expect(world.states).toEqual(['connecting']);
  });

  test('offline it waits for the network; back online it connects at once', async () => {
    const world = await connected();
    world.isOnline = false;
    world.live.goOffline();
    await world.time.pass(10 * MINUTE);
    expect(world.states.at(-1)).toBe('offline');
    expect(world.tickets).toHaveLength(1);
    world.isOnline = true;
    world.live.check();
    await world.time.pass(100);
    expect(world.states.at(-1)).toBe('live');
    expect(world.open).toHaveLength(1);
  });

  test('a catch-up that fails makes the connection count as lost', async () => {
    const world = new World();
    world.catchUpFails = new NoAnswerError('no answer');
    world.live.start();
    await world.time.pass(100);
    expect(world.states).toEqual(['connecting', 'offline']);
    expect(world.open).toHaveLength(0);
    world.catchUpFails = null;
    await world.time.pass(1_000);
    expect(world.states.at(-1)).toBe('live');
    expect(world.open).toHaveLength(1);
  });
});
