import type { ServiceMetric } from './metric-names';
import { redactNumbers } from './redact';

/** The systems whose requests are counted. */
export type System = 'Airtable' | 'Twilio';

/** Who and what a request is about, as the log line names it. */
export interface Subject {
  readonly location?: string;
  readonly event?: string;
  readonly worker?: string;
  readonly customerId?: string;
  readonly conversationSid?: string;
  readonly messageSid?: string;
}

/** What the requests to one system came to. */
export interface Traffic {
  /** Every time that something was sent, the retries among them. */
  requests: number;
  retries: number;
  /** Replies with status 429. */
  rateLimited: number;
  /** Requests that brought no reply, or one that we can do nothing with. */
  failures: number;
}

/** What one request leaves behind for its log line and its metrics: whom it is about, what it cost, what was odd. */
export class RequestLog {
  readonly #traffic: Readonly<Record<System, Traffic>> = { Airtable: noTraffic(), Twilio: noTraffic() };
  readonly #events = new Map<ServiceMetric, number>();
  readonly #warnings: string[] = [];
  readonly #startedAt = performance.now();
  #subject: Subject = {};
  #refused = false;

  /** @param isColdStart whether the request is the first of its container. */
  constructor(readonly isColdStart = false) {}

  /** Adds to what is known of the request. Numbers in it are masked, because some bases use them as ids. */
  about(subject: Subject): void {
    for (const [name, value] of Object.entries(subject)) {
      this.#subject = { ...this.#subject, [name]: redactNumbers(value) };
    }
  }

  /** Counts one more of what the requests to a system come to. */
  count(system: System, what: keyof Traffic): void {
    this.#traffic[system][what] += 1;
  }

  get traffic(): Readonly<Record<System, Readonly<Traffic>>> {
    return this.#traffic;
  }

  /** Counts what happened for a metric of the service. */
  countEvent(metric: ServiceMetric, times = 1): void {
    this.#events.set(metric, (this.#events.get(metric) ?? 0) + times);
  }

  get events(): ReadonlyMap<ServiceMetric, number> {
    return this.#events;
  }

  /** How long the request has taken until now. */
  get milliseconds(): number {
    return Math.round(performance.now() - this.#startedAt);
  }

  /** Notes that a system refused our credentials, for that may not show in what the request came to. */
  noteRefusal(): void {
    this.#refused = true;
  }

  get credentialsWereRefused(): boolean {
    return this.#refused;
  }

  /** Notes what somebody should look at though the request was answered. Numbers in it are masked. */
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
