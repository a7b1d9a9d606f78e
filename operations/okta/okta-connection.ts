import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import { Unavailable, UpstreamFailed } from '../../lambdas/errors/errors';
import { exchange, NoReply, type OktaReply, type OktaRequest } from './exchange';
import { type Errand, refusalOf, secondsToReset } from './refusal';

/** An errand that changes something. */
export interface Write extends Errand {
  readonly method: 'POST' | 'PUT';
  readonly body?: object;
  /** Whether doing it twice is as good as once. */
  readonly repeatable: boolean;
}

export interface ConnectionOptions {
  /** Ends at once whatever is under way, with its reason. */
  readonly signal: AbortSignal;
  /** Is told of each wait that Okta asks for. */
  readonly onWait: (seconds: number) => void;
  /** How long one reply is waited for. @default 30_000 */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 30_000;
/** In seconds, before another attempt at what failed in passing. */
const RETRY_WAITS = [0.2, 0.5, 1];
/** Okta counts by the minute. */
const LONGEST_WAIT_SECONDS = 65;
const WAITS_FOR_THE_RATE = 5;
/** "Later" in every form; of these 429 and 503 say that nothing was done. */
const TRANSIENT = new Set([429, 500, 502, 503, 504]);
const NOTHING_DONE = new Set([429, 503]);

/**
 * Requests to one Okta organisation. Every method throws {Misconfigured} where the token or the organisation is not
 * right, {NotFound} for what is not there, {Unavailable} where no answer comes, {UpstreamFailed} for any other answer
 * than the one that Okta's reference has.
 */
export class OktaConnection {
  readonly #token: string;

  constructor(
    /** Scheme and host, without a slash at the end. */
    readonly orgUrl: string,
    token: string,
    private readonly options: ConnectionOptions,
  ) {
    this.#token = token;
  }

  async read<T>(errand: Errand, schema: v.GenericSchema<unknown, T>): Promise<T> {
    const reply = await this.#replyTo({ ...errand, method: 'GET', repeatable: true });
    return this.#parse(reply, schema, errand);
  }

  /** All of a list, page by page, by the links that Okta gives. */
  async readAll<T>(errand: Errand, item: v.GenericSchema<unknown, T>): Promise<readonly T[]> {
    const items: T[] = [];
    let path: string | null = errand.path;
    while (path !== null) {
      const reply = await this.#replyTo({ ...errand, path, method: 'GET', repeatable: true });
      items.push(...this.#parse(reply, v.array(item), errand));
      path = nextPath(reply.headers.get('link'));
    }
    return items;
  }

  async readXml(errand: Errand): Promise<string> {
    const { text } = await this.#replyTo({ ...errand, method: 'GET', repeatable: true }, 'application/xml');
    return text;
  }

  async write<T>(write: Write, schema: v.GenericSchema<unknown, T>): Promise<T> {
    return this.#parse(await this.#replyTo(write), schema, write);
  }

  async #replyTo(
    write: Write | (Errand & { readonly method: 'GET'; readonly repeatable: true }),
    accept: OktaRequest['accept'] = 'application/json',
  ): Promise<OktaReply> {
    const request: OktaRequest = {
      method: write.method,
      url: `${this.orgUrl}/api/v1/${write.path}`,
      token: this.#token,
      accept,
      ...('body' in write && write.body && { body: write.body }),
    };
    const reply = await this.#lastReply(request, write.repeatable);
    if (reply instanceof NoReply) throw this.#noAnswer(write, reply);
    if (reply.status !== 200) throw refusalOf(write, reply, { orgUrl: this.orgUrl, token: this.#token });
    return reply;
  }

  /** The last reply, after as many attempts as can help. */
  async #lastReply(request: OktaRequest, repeatable: boolean): Promise<OktaReply | NoReply> {
    const { signal, patienceMs = PATIENCE_MS } = this.options;
    const waits = [...RETRY_WAITS];
    let waitsForTheRate = 0;
    for (;;) {
      const reply = await exchange(request, signal, patienceMs).catch((error: unknown) => {
        if (error instanceof NoReply) return error;
        throw error;
      });
      const nothingDone = !(reply instanceof NoReply) && NOTHING_DONE.has(reply.status);
      if (!(reply instanceof NoReply) && !TRANSIENT.has(reply.status)) return reply;
      if (!repeatable && !nothingDone) return reply;
      if (!(reply instanceof NoReply) && reply.status === 429) {
        const seconds = secondsToReset(reply.headers);
        if (seconds > LONGEST_WAIT_SECONDS || ++waitsForTheRate > WAITS_FOR_THE_RATE) return reply;
        this.options.onWait(seconds);
        await this.#pause(seconds);
        continue;
      }
      const seconds = waits.shift();
      if (seconds === undefined) return reply;
      await this.#pause(seconds);
    }
  }

  async #pause(seconds: number): Promise<void> {
    const { signal } = this.options;
    try {
      await pause(seconds * 1_000, undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  }

  #parse<T>({ text }: OktaReply, schema: v.GenericSchema<unknown, T>, { purpose }: Errand): T {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
    if (parsed.success) return parsed.output;
    const place = parsed.issues.map((issue) => v.getDotPath(issue) ?? 'the body').join(', ');
    throw new UpstreamFailed(
      `${this.orgUrl} was asked to ${purpose} and answers, but not as Okta's API does (${place}): is OKTA_ORG_URL right?`,
    );
  }

  #noAnswer(write: { readonly purpose: string; readonly repeatable: boolean }, reply: NoReply): Unavailable {
    const outcome = write.repeatable
      ? ''
      : ' Whether it was done is unknown: run this again, it looks first.';
    return new Unavailable(
      `${this.orgUrl} does not answer when asked to ${write.purpose}: ${reply.message}.${outcome}`,
      0,
      { cause: reply },
    );
  }
}

/** The next page's path, behind `/api/v1/`. Of the link only the path is taken: the token goes to no other host. */
function nextPath(link: string | null): string | null {
  const [, next] = /<([^>]*)>\s*;\s*rel="next"/.exec(link ?? '') ?? [];
  if (next === undefined || !URL.canParse(next)) return null;
  const { pathname, search } = new URL(next);
  return pathname.replace(/^\/api\/v1\//, '') + search;
}
