import type { WebhookParameters } from './webhook-sender';

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
