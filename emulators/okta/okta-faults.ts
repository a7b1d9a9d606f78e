/** How Okta, or the connection to it, can fail. */
export type Fault =
  /** 429 / E0000047 until the window ends: the request was not processed. */
  | { readonly kind: 'rate-limited'; readonly secondsToReset: number }
  /** 500 / E0000009. */
  | { readonly kind: 'server-error' }
  /** 502 with a page of HTML from a proxy. */
  | { readonly kind: 'bad-gateway' }
  /** 503 / E0000010. */
  | { readonly kind: 'unavailable' }
  /** Any other error response of Okta. */
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly summary: string }
  /** A redirect, as for an organisation that has moved. */
  | { readonly kind: 'redirected'; readonly to: string }
  /** The connection breaks before anything was done. */
  | { readonly kind: 'connection-reset' }
  /** No response, ever. */
  | { readonly kind: 'stalled' }
  /** The request is carried out, and the connection breaks instead of a response. */
  | { readonly kind: 'answer-lost' };

export interface FaultyRequest {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
}

export type FaultFilter = (request: FaultyRequest) => boolean;

interface Plan {
  left: number;
  readonly fault: Fault;
  readonly when: FaultFilter;
}

/** The faults that the next requests meet. */
export class Faults {
  #plans: Plan[] = [];

  /** The next `count` requests that match the filter meet the fault. */
  next(count: number, fault: Fault, when: FaultFilter = () => true): void {
    this.#plans.push({ left: count, fault, when });
  }

  /** Every request that matches the filter meets the fault, until `clear`. */
  always(fault: Fault, when: FaultFilter = () => true): void {
    this.next(Number.POSITIVE_INFINITY, fault, when);
  }

  clear(): void {
    this.#plans = [];
  }

  /** The fault that this request meets; counts it. */
  take(request: FaultyRequest): Fault | undefined {
    const plan = this.#plans.find(({ left, when }) => left > 0 && when(request));
    if (plan !== undefined) plan.left -= 1;
    return plan?.fault;
  }
}
