import { describe, expect, test } from '@jest/globals';
import type { LogEvent, LogSource } from '../../../cli/logs/log-line';
import { readOn } from '../../../cli/logs/show-logs';

const event = (at: number, text = `at ${at}`): LogEvent => ({ id: text, at, callback: null, text });

/** A log to which more is added before each read. */
class GrowingLog implements LogSource {
  readonly place = 'here';
  readonly looks: number[] = [];
  readonly #written: LogEvent[] = [];

  constructor(
    readonly lateByMs: number,
    private readonly additions: readonly (readonly LogEvent[])[],
    private readonly end: AbortController,
  ) {}

  async read(since: number): Promise<readonly LogEvent[]> {
    this.#written.push(...(this.additions[this.looks.length] ?? []));
    this.looks.push(since);
    if (this.looks.length >= this.additions.length) this.end.abort();
    return this.#written.filter(({ at }) => at >= since);
  }
}

async function follow(
  lateByMs: number,
  additions: readonly (readonly LogEvent[])[],
  now: () => number = () => 0,
) {
  const end = new AbortController();
  const log = new GrowingLog(lateByMs, additions, end);
  const read: string[] = [];
  const options = { since: 100, follow: true, signal: end.signal, pollMs: 1, now };
  for await (const events of readOn(log, options)) {
    read.push(...events.map(({ text }) => text));
  }
  return { read, looks: log.looks };
}

describe('following a log', () => {
  test('returns each event once, including late ones', async () => {
    const { read } = await follow(50, [
      [event(150), event(300)],
      [event(270, 'late')],
      [],
      [event(310), event(310, 'at the same time')],
    ]);

    expect(read).toEqual(['at 150', 'at 300', 'late', 'at 310', 'at the same time']);
  });

  test('looks back no further than events can be late, and never before the start', async () => {
    const { looks } = await follow(50, [[event(120)], [event(400)], [], [event(500)], []]);

    expect(looks).toEqual([100, 100, 350, 350, 450]);
  });

  test('does not reread the same hours if nothing is found in them', async () => {
    const hour = 3_600_000;
    let looks = 0;
    const now = () => hour * ++looks;

    expect((await follow(50, [[], [], []], now)).looks).toEqual([
      100,
      hour - 5 * 60_000 - 50,
      2 * hour - 5 * 60_000 - 50,
    ]);
  });

  test('rereads the whole of a log whose lines have no reliable time', async () => {
    const { read, looks } = await follow(Number.POSITIVE_INFINITY, [[event(400)], [event(110)], []]);

    expect(read).toEqual(['at 400', 'at 110']);
    expect(looks).toEqual([100, 100, 100]);
  });

  test('ends at the signal, also during a pause', async () => {
    const end = new AbortController();
    const log = new GrowingLog(0, [[event(100)], [], []], new AbortController());
    const batches: number[] = [];
    for await (const events of readOn(log, {
      since: 0,
      follow: true,
      signal: end.signal,
      pollMs: 3_600_000,
    })) {
      batches.push(events.length);
      setTimeout(() => end.abort(), 1);
    }

    expect(batches).toEqual([1]);
  });

  test('ends after one read without --follow', async () => {
    const log = new GrowingLog(0, [[event(100)], [event(200)]], new AbortController());
    const read: LogEvent[] = [];
    for await (const events of readOn(log, {
      since: 0,
      follow: false,
      signal: new AbortController().signal,
    })) {
      read.push(...events);
    }

    expect(read).toEqual([event(100)]);
  });

  test('fails with the error of its source', async () => {
    const broken: LogSource = {
      place: 'nowhere',
      lateByMs: 0,
      read: async () => {
        throw new Error('The log is gone');
      },
    };
    const reading = readOn(broken, { since: 0, follow: true, signal: new AbortController().signal });

    await expect(reading.next()).rejects.toThrow('The log is gone');
  });
});
