import { errorResponse, type JsonResponse } from './secret-operations';

/** How Secrets Manager can fail. A request that meets `stall` gets no response. */
export type Fault = 'throttle' | 'internal-error' | 'access-denied' | 'stall';

/** The service's own words for each fault. */
export const FAULT_RESPONSES: Readonly<Record<Exclude<Fault, 'stall'>, JsonResponse>> = {
  throttle: errorResponse('ThrottlingException', 'Rate exceeded'),
  'internal-error': errorResponse('InternalServiceError', 'An error occurred on the server side.', 500),
  'access-denied': errorResponse(
    'AccessDeniedException',
    'User is not authorized to perform: secretsmanager:GetSecretValue because no identity-based policy allows it',
  ),
};

/** The faults that the next requests meet. */
export class Faults {
  #next: Fault[] = [];
  #always: Fault | null = null;

  /** The next `count` requests meet the fault. */
  next(count: number, fault: Fault): void {
    this.#next.push(...Array.from({ length: count }, () => fault));
  }

  /** Every request meets the fault until `clear`. */
  always(fault: Fault): void {
    this.#always = fault;
  }

  clear(): void {
    this.#next = [];
    this.#always = null;
  }

  /** The fault of the current request, if it meets one. */
  take(): Fault | null {
    return this.#next.shift() ?? this.#always;
  }
}
