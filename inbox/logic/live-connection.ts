/** `offline`: the device says so, or nothing answers; `connecting`: being found again; `live`: events arrive. */
export type Connection = 'offline' | 'connecting' | 'live';

/** An open socket. */
export interface LiveSocket {
  readonly isOpen: boolean;
  send(text: string): void;
  close(): void;
}

export interface SocketEvents {
  message(data: unknown): void;
  close(): void;
}

/** What a failed attempt means. */
interface Failure {
  /** The API says that the session is over, or that the worker is out: trying again does not help. */
  readonly isFinal: boolean;
  /** Nothing answers at all. */
  readonly isUnreachable: boolean;
  /** How long the API asks to wait; null where it does not say. */
  readonly retryAfterMs: number | null;
}

/** What the connection needs of the page. */
export interface LiveParts {
  /** Asks the API for an address that is good for one connection. */
  ticket(): Promise<string>;
  /** @throws {Error} where the connection is rejected or lost before it is open */
  open(url: string, events: SocketEvents): Promise<LiveSocket>;
  /** Asks the API for what was missed. */
  catchUp(): Promise<void>;
  take(data: unknown): void;
  isOnline(): boolean;
  explain(error: unknown): Failure;
  onState(state: Connection): void;
  /** @returns a function that cancels it */
  schedule(run: () => void, afterMs: number): () => void;
  /** From 0 to 1. */
  random(): number;
}

const MINUTE = 60_000;
/** API Gateway closes a connection that was silent for ten minutes, and every one after two hours. */
const PING_MS = 5 * MINUTE;
const REPLACE_MS = 105 * MINUTE;
const SPREAD_MS = 10 * MINUTE;
/** How long a connection that was replaced still takes events that are on their way to it. */
const OVERLAP_MS = 5_000;
const PONG_MS = 10_000;
/** A connection that lasted this long counts as a success. */
const STEADY_MS = 30_000;
const BACKOFF_MS = [500, 1_000, 2_000, 5_000, 10_000, 20_000] as const;
const NO_TIMER = () => undefined;

/**
 * Keeps one live connection: asks for signs of life, replaces it before its two hours are over, and finds it again when
 * it is lost. Each attempt begins at the API, which says whether the worker is still in.
 */
export class LiveConnection {
  #socket: LiveSocket | null = null;
  #isRunning = false;
  #isConnecting = false;
  #failures = 0;
  #stopRetry: () => void = NO_TIMER;
  #stopPong: () => void = NO_TIMER;
  #stopPing: () => void = NO_TIMER;
  #stopReplacing: () => void = NO_TIMER;
  #stopSteady: () => void = NO_TIMER;

  constructor(private readonly parts: LiveParts) {}

  /** Connects, unless that is done already. */
  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#connect();
  }

  /** Closes the connection and does not try again, until started again. */
  stop(): void {
    this.#isRunning = false;
    this.#drop();
    this.#stopRetry();
    this.#failures = 0;
  }

  /** Asks for a sign of life; a connection that gives none in time is replaced. Without one, connects now. */
  check(): void {
    if (!this.#isRunning) return;
    if (this.#socket?.isOpen !== true) {
      this.#failures = 0;
      void this.#connect();
      return;
    }
    this.#socket.send(JSON.stringify({ kind: 'ping' }));
    this.#stopPong();
    this.#stopPong = this.parts.schedule(() => this.#lose('connecting'), PONG_MS);
    this.#pingLater();
  }

  /** The device has lost its network. */
  goOffline(): void {
    if (this.#isRunning) this.#lose('offline');
  }

  async #connect(): Promise<void> {
    if (this.#isConnecting || !this.#isRunning || !this.parts.isOnline()) return;
    this.#isConnecting = true;
    this.#stopRetry();
    const before = this.#socket;
    if (before === null) this.parts.onState('connecting');
    try {
      const opened = await this.#open(before !== null);
      if (!this.#isRunning) return opened.close();
      this.#adopt(opened);
      // Events from now on arrive; what happened before is asked for. Only then is it current.
      await this.parts.catchUp();
      if (this.#socket !== opened) throw new Error('the connection was lost meanwhile');
      this.parts.onState('live');
    } catch (error) {
      this.#fail(error, before);
    } finally {
      this.#isConnecting = false;
    }
  }

  async #open(isReplacement: boolean): Promise<LiveSocket> {
    const url = await this.parts.ticket();
    const { socket, events } = this.#listener();
    try {
      const opened = await this.parts.open(url, events);
      socket.current = opened;
      return opened;
    } catch (error) {
      // Where sockets are blocked, each attempt at least brings what is new.
      if (!isReplacement) await this.parts.catchUp();
      throw error;
    }
  }

  #listener() {
    const socket: { current: LiveSocket | null } = { current: null };
    const events: SocketEvents = {
      message: (data) => {
        if (socket.current === this.#socket) this.#stopPong();
        if (this.#isRunning) this.parts.take(data);
      },
      close: () => {
        if (socket.current !== null && socket.current === this.#socket) this.#lose('connecting');
      },
    };
    return { socket, events };
  }

  /** Takes up an open connection; the one before is closed a little later, so that nothing falls between them. */
  #adopt(opened: LiveSocket): void {
    const before = this.#socket;
    if (before !== null) this.parts.schedule(() => before.close(), OVERLAP_MS);
    this.#stopTimers();
    this.#socket = opened;
    this.#pingLater();
    this.#replaceLater(REPLACE_MS + this.parts.random() * SPREAD_MS);
    this.#stopSteady = this.parts.schedule(() => {
      this.#failures = 0;
    }, STEADY_MS);
  }

  #pingLater(): void {
    this.#stopPing();
    this.#stopPing = this.parts.schedule(() => this.check(), PING_MS);
  }

  #replaceLater(afterMs: number): void {
    this.#stopReplacing();
    this.#stopReplacing = this.parts.schedule(() => void this.#connect(), afterMs);
  }

  #fail(error: unknown, before: LiveSocket | null): void {
    const { isFinal, isUnreachable, retryAfterMs } = this.parts.explain(error);
    if (!this.#isRunning) return;
    if (isFinal) this.stop();
    else if (before !== null && before === this.#socket && before.isOpen) this.#replaceLater(MINUTE);
    else this.#lose(isUnreachable ? 'offline' : 'connecting', retryAfterMs ?? 0);
  }

  /** Gives up the connection and tries again, later each time. */
  #lose(state: 'offline' | 'connecting', leastMs = 0): void {
    this.#drop();
    this.#stopRetry();
    this.parts.onState(this.parts.isOnline() ? state : 'offline');
    const wait = BACKOFF_MS[Math.min(this.#failures, BACKOFF_MS.length - 1)] ?? 20_000;
    this.#failures += 1;
    // Spread, so that the browsers of all workers do not ask a restarted server at once.
    const spread = 0.75 + this.parts.random() / 2;
    this.#stopRetry = this.parts.schedule(() => void this.#connect(), Math.max(leastMs, wait) * spread);
  }

  #drop(): void {
    const dropped = this.#socket;
    this.#socket = null;
    this.#stopTimers();
    dropped?.close();
  }

  #stopTimers(): void {
    this.#stopPong();
    this.#stopPing();
    this.#stopReplacing();
    this.#stopSteady();
  }
}
