import { createHmac } from 'node:crypto';
import type { Scheduler } from './scheduler';
import type { Webhook } from './webhook';

const TIMEOUT_MS = 25_000;

/** The MAC of a ping's body (airtable.md#webhook-notifications). */
export function contentMac(body: string, secret: Buffer): string {
  return `hmac-sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/**
 * Sends one ping and waits for the response.
 * @returns null for 200 or 204, else why it failed
 */
export async function sendPing(
  { id, notificationUrl, macSecret }: Webhook,
  {
    baseId,
    timestamp,
    scheduler,
    closing,
  }: {
    readonly baseId: string;
    readonly timestamp: string;
    readonly scheduler: Scheduler;
    readonly closing: AbortSignal;
  },
): Promise<string | null> {
  const body = JSON.stringify({ base: { id: baseId }, webhook: { id }, timestamp });
  const tooLate = new AbortController();
  const cancel = scheduler.after(TIMEOUT_MS, () => tooLate.abort());
  try {
    const response = await fetch(notificationUrl ?? '', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-airtable-content-mac': contentMac(body, macSecret),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([closing, tooLate.signal]),
    });
    await response.arrayBuffer();
    const { status } = response;
    return status === 200 || status === 204
      ? null
      : `The HTTP request returned a ${status} status code instead of 200 or 204`;
  } catch (error) {
    // The messages for a failed connection and for a late response are not published.
    if (tooLate.signal.aborted) return 'The HTTP request timed out';
    return `The HTTP request failed: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    cancel();
  }
}
