import type { ServiceMetric } from './metric-names';
import { redactNumbers } from './redact';

/** The systems whose requests are counted. */
export type System = 'Airtable' | 'Twilio';

/** The worker, customer and conversation of a request, as the log line names them. */
export interface Subject {
  readonly location?: string;
  readonly event?: string;
  readonly worker?: string;
  readonly customerId?: string;
  readonly conversationSid?: string;
  readonly messageSid?: string;
}

/** The requests to one system and their outcomes. */
export interface Traffic {
  /** Every request sent, including retries. */
  requests: number;
  retries: number;
  /** Replies with status 429. */
  rateLimited: number;
  /** Requests without a response, or with one that the service cannot use. */
  failures: number;
}

/** Collects what one request's log line and metrics report. */
export class RequestLog {
  readonly #traffic: Readonly<Record<System, Traffic>> = { Airtable: noTraffic(), Twilio: noTraffic() };
  readonly #events = new Map<ServiceMetric, number>();
  readonly #warnings: string[] = [];
  readonly #startedAt = performance.now();
  #subject: Subject = {};
  #credentialsRejected = false;

  /** @param isColdStart whether the request is the first of its container. */
  constructor(readonly isColdStart = false) {}

  /** Adds to the request's subject. Numbers are redacted, because some bases use phone numbers as ids. */
  about(subject: Subject): void {
    for (const [name, value] of Object.entries(subject)) {
      this.#subject = { ...this.#subject, [name]: redactNumbers(value) };
    }
  }

  /** Increments one of the counters of a system. */
  count(system: System, what: keyof Traffic): void {
    this.#traffic[system][what] += 1;
  }

  get traffic(): Readonly<Record<System, Readonly<Traffic>>> {
    return this.#traffic;
  }

  /** Counts an event for a metric of the service. */
  countEvent(metric: ServiceMetric, times = 1): void {
    this.#events.set(metric, (this.#events.get(metric) ?? 0) + times);
  }

  get events(): ReadonlyMap<ServiceMetric, number> {
    return this.#events;
  }

  /** How long the request has taken so far. */
  get milliseconds(): number {
    return Math.round(performance.now() - this.#startedAt);
  }

  /** Records that a system rejected the credentials, because the request's outcome may not show it. */
  noteRejectedCredentials(): void {
    this.#credentialsRejected = true;
  }

  get credentialsWereRejected(): boolean {
    return this.#credentialsRejected;
  }

  /** Adds a warning to a request that was handled nevertheless. Numbers in it are redacted. */
  warn(message: string): void {
    this.#warnings.push(redactNumbers(message));
  }

  entry() {
    const { Airtable, Twilio } = this.#traffic;
    return {
      ...this.#subject,
      ...(this.isColdStart && { coldStart: true }),
      milliseconds: this.milliseconds,
      airtableRequests: Airtable.requests,
      ...(Airtable.retries > 0 && { airtableRetries: Airtable.retries }),
      ...(Airtable.rateLimited > 0 && { airtableRateLimited: Airtable.rateLimited }),
      ...(Airtable.failures > 0 && { airtableFailures: Airtable.failures }),
      twilioRequests: Twilio.requests,
      ...(Twilio.retries > 0 && { twilioRetries: Twilio.retries }),
      ...(Twilio.rateLimited > 0 && { twilioRateLimited: Twilio.rateLimited }),
      ...(Twilio.failures > 0 && { twilioFailures: Twilio.failures }),
      ...(this.#warnings.length > 0 && { warnings: this.#warnings }),
    };
  }
}

function noTraffic(): Traffic {
  return { requests: 0, retries: 0, rateLimited: 0, failures: 0 };
}
