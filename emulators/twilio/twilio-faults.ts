import type { Form } from './form';

/** How Twilio, or the connection to it, can fail. */
export type Fault =
  /** 429 / 20429: the request was not processed. */
  | { readonly kind: 'rate-limited'; readonly retryAfterSeconds?: number }
  /** 500 / 20500. */
  | { readonly kind: 'server-error' }
  /** 502 with a page of HTML from a proxy, so no code. */
  | { readonly kind: 'bad-gateway' }
  /** 503 / 20503. */
  | { readonly kind: 'unavailable' }
  /** A response that is not Twilio's, such as a proxy's page with status 200; nothing was done. */
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  /** Any other error response of Twilio. */
  | { readonly kind: 'refused'; readonly status: number; readonly code: number; readonly message: string }
  /** The connection breaks before anything was done. */
  | { readonly kind: 'connection-reset' }
  /** No response, ever. */
  | { readonly kind: 'stalled' }
  /** The right response, late. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** The request is carried out, and the connection breaks instead of a response. */
  | { readonly kind: 'answer-lost' };

export interface FaultyRequest {
  readonly method: string;
  /** As sent, still percent-encoded, without the query. */
  readonly path: string;
  readonly form: Form;
}

export type FaultFilter = (request: FaultyRequest) => boolean;

export interface Faults {
  /** The next `count` requests that match the filter meet the fault. */
  next(count: number, fault: Fault, when?: FaultFilter): void;
  /** Every request that matches the filter meets the fault, after those of `next` are used up. */
  always(fault: Fault, when?: FaultFilter): void;
  clear(): void;
}

interface Plan {
  left: number;
  readonly fault: Fault;
  readonly when: FaultFilter;
}

export class FaultPlan implements Faults {
  #plans: Plan[] = [];

  next(count: number, fault: Fault, when: FaultFilter = () => true): void {
    this.#plans.push({ left: count, fault, when });
  }

  always(fault: Fault, when: FaultFilter = () => true): void {
    this.#plans.push({ left: Number.POSITIVE_INFINITY, fault, when });
  }

  clear(): void {
    this.#plans = [];
  }

  /** The fault that this request meets; counts it. */
  take(request: FaultyRequest): Fault | undefined {
    const planned = this.#plans.filter(({ left, when }) => left > 0 && when(request));
    const plan = planned.find(({ left }) => Number.isFinite(left)) ?? planned[0];
    if (plan !== undefined) plan.left -= 1;
    return plan?.fault;
  }
}
