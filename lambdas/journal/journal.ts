import { maskNumbers } from './mask';

/** The systems whose requests are counted. */
export type System = 'Airtable' | 'Twilio';

/** Who and what a request is about, as the log line names it. */
export interface Subject {
  readonly location?: string;
  readonly event?: string;
  readonly worker?: string;
  readonly customerId?: string;
  readonly conversationSid?: string;
}

/** What one request leaves behind for its log line: whom it is about, what it cost, what was odd. */
export class Journal {
  readonly #requests: Record<System, number> = { Airtable: 0, Twilio: 0 };
  readonly #warnings: string[] = [];
  readonly #startedAt = performance.now();
  #subject: Subject = {};
  #refused = false;

  /** Adds to what is known of the request. Numbers in it are masked; a customer's id only where it must be one. */
  about(subject: Subject): void {
    for (const [name, value] of Object.entries(subject)) {
      this.#subject = {
        ...this.#subject,
        [name]: name === 'customerId' ? maskNumberAsId(value) : maskNumbers(value),
      };
    }
  }

  countRequest(system: System): void {
    this.#requests[system] += 1;
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
    this.#warnings.push(maskNumbers(message));
  }

  entry() {
    return {
      ...this.#subject,
      milliseconds: Math.round(performance.now() - this.#startedAt),
      airtableRequests: this.#requests.Airtable,
      twilioRequests: this.#requests.Twilio,
      ...(this.#warnings.length > 0 && { warnings: this.#warnings }),
    };
  }
}

/** More digits than any table has rows. */
const DIGITS_OF_A_NUMBER = 10;

/** A base may use its customers' numbers as ids; any other id is needed to find the customer. */
function maskNumberAsId(id: string): string {
  const isNumber = /^\s*(whatsapp:\s*)?\+/i.test(id) || id.replace(/\D/g, '').length >= DIGITS_OF_A_NUMBER;
  return isNumber && !/^rec/.test(id) ? maskNumbers(id) : id;
}
