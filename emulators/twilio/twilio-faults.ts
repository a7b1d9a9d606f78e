import type { ConnectionFault } from '../core/faults';
import { type HttpResponse, json } from '../core/http-response';
import { TwilioError, twilioError } from './twilio-errors';
import type { WebhookParameters } from './webhook-sender';

/** How Twilio can fail. */
export type TwilioFault =
  /** 429 / 20429: the request was not processed. */
  | { readonly kind: 'rate-limited'; readonly retryAfterSeconds?: number }
  /** 500 / 20500. */
  | { readonly kind: 'server-error' }
  /** 503 / 20503. */
  | { readonly kind: 'unavailable' }
  /** A response that is not Twilio's, such as a proxy's page with status 200; nothing was done. */
  | { readonly kind: 'other-response'; readonly status: number; readonly body: string }
  /** Any other error response of Twilio. */
  | { readonly kind: 'rejected'; readonly status: number; readonly code: number; readonly message: string };

/** How a request can fail: at Twilio, or on the way. */
export type Fault = TwilioFault | ConnectionFault;

export function respondToFault(fault: TwilioFault): HttpResponse {
  switch (fault.kind) {
    case 'rate-limited': {
      const { status, body } = twilioError('tooManyRequests');
      const { retryAfterSeconds: seconds } = fault;
      return json(body, status, seconds === undefined ? {} : { 'retry-after': seconds });
    }
    case 'server-error':
      return errorResponse(twilioError('serverError'));
    case 'unavailable':
      return errorResponse(twilioError('unavailable'));
    case 'rejected':
      return errorResponse(new TwilioError(fault.status, fault.code, fault.message));
    case 'other-response':
      return { status: fault.status, headers: { 'content-type': 'text/html' }, body: fault.body };
  }
}

export function errorResponse({ body, status }: TwilioError): HttpResponse {
  return json(body, status);
}

/**
 * What can happen to a post event on its way (twilio.md#webhook-semantics): it is lost, comes twice, or comes after the
 * next one. A late event that none follows comes with `sendLate`.
 */
export type WebhookFault = 'lost' | 'twice' | 'late';

export type WebhookFilter = (event: string, parameters: WebhookParameters) => boolean;

export interface WebhookFaults {
  /** The next `count` post events that match the filter meet the fault. */
  next(count: number, fault: WebhookFault, when?: WebhookFilter): void;
  /** Sends the events that are late. */
  sendLate(): Promise<void>;
}

interface Plan {
  left: number;
  readonly fault: WebhookFault;
  readonly when: WebhookFilter;
}

/** Applies the planned faults to post events. */
export class WebhookFaultPlan implements WebhookFaults {
  #plans: Plan[] = [];
  #late: (() => Promise<unknown>)[] = [];

  next(count: number, fault: WebhookFault, when: WebhookFilter = () => true): void {
    this.#plans.push({ left: count, fault, when });
  }

  async sendLate(): Promise<void> {
    for (const send of this.#late.splice(0)) await send();
  }

  async deliver(event: string, parameters: WebhookParameters, send: () => Promise<unknown>): Promise<void> {
    const plan = this.#plans.find(({ left, when }) => left > 0 && when(event, parameters));
    if (plan !== undefined) plan.left -= 1;
    if (plan?.fault === 'lost') return;
    if (plan?.fault === 'late') {
      this.#late.push(send);
      return;
    }
    await send();
    if (plan?.fault === 'twice') await send();
    await this.sendLate();
  }
}
