/** Failures of the connection, or of a proxy before the service. */
export type ConnectionFault =
  /** 502 with HTML. Nothing is carried out. */
  | { readonly kind: 'bad-gateway' }
  /** Nothing is carried out, and there is no response. */
  | { readonly kind: 'stalled' }
  /** Nothing is carried out. */
  | { readonly kind: 'connection-reset' }
  /** The request is carried out, and the connection is reset instead of a response. */
  | { readonly kind: 'response-lost' }
  /** The request is carried out. Headers and half of the body arrive, then nothing. */
  | { readonly kind: 'stalled-body' }
  /** The request is carried out at once; the response comes late. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** The request is carried out, and its response sent, once the promise resolves. */
  | { readonly kind: 'held'; readonly until: Promise<void> };

interface Entry<Fault, Request> {
  left: number;
  readonly fault: Fault;
  readonly when: (request: Request) => boolean;
}

/** The faults that requests meet. */
export class FaultPlan<Fault, Request> {
  #next: Entry<Fault, Request>[] = [];
  #always: Entry<Fault, Request>[] = [];

  /** @param matches the requests that meet a fault without a filter of its own. @default all */
  constructor(readonly matches: (request: Request) => boolean = () => true) {}

  /** The next `count` requests that match the filter meet the fault. Calls queue up. */
  next(count: number, fault: Fault, when: (request: Request) => boolean = this.matches): void {
    this.#next.push({ left: count, fault, when });
  }

  /** Every request that matches the filter meets the fault, unless `next` has one for it. */
  always(fault: Fault, when: (request: Request) => boolean = this.matches): void {
    this.#always.push({ left: Number.POSITIVE_INFINITY, fault, when });
  }

  /** Ends all faults. */
  clear(): void {
    this.#next = [];
    this.#always = [];
  }

  /** The fault that this request meets; counts it. */
  take(request: Request): Fault | undefined {
    const entry = [...this.#next, ...this.#always].find(({ left, when }) => left > 0 && when(request));
    if (entry) entry.left--;
    return entry?.fault;
  }
}
