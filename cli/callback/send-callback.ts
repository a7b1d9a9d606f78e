import { randomUUID } from 'node:crypto';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { errorCode } from '../../lambdas/errors';
import { UserError } from '../../lib/user-error';
import type { Form } from './form';

/** A response and its duration. */
export interface CallbackResponse {
  readonly status: number;
  readonly milliseconds: number;
  readonly body: string;
}

const TIMEOUT_MS = 30_000;

/**
 * Sends a form as Twilio does (twilio.md#callbacks-and-timeouts).
 * @param signature null to send it unsigned
 * @throws {UserError} with the reason if no response comes
 */
export async function sendCallback(
  url: string,
  form: Form,
  signature: string | null,
): Promise<CallbackResponse> {
  const body = new URLSearchParams();
  for (const [name, value] of form) body.append(name, value);
  const startedAt = performance.now();
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'User-Agent': 'TwilioProxy/1.1',
        'X-Home-Region': 'us1',
        'I-Twilio-Idempotency-Token': randomUUID(),
        ...(signature !== null && { 'X-Twilio-Signature': signature }),
      },
      body: body.toString(),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    return {
      status: response.status,
      milliseconds: Math.round(performance.now() - startedAt),
      body: text,
    };
  } catch (error) {
    throw new UserError(`No response from ${url}: ${describeError(error)}`, { cause: error });
  }
}

/** Twilio's signature of this form for this URL (twilio.md#signatures). */
export function sign(authToken: string, url: string, form: Form): string {
  const parameters: Record<string, string[]> = {};
  for (const [name, value] of form) parameters[name] = [...(parameters[name] ?? []), value];
  return getExpectedTwilioSignature(authToken, url, parameters);
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `timed out after ${TIMEOUT_MS / 1000} s`;
  const { cause, message } = error;
  if (errorCode(cause) === 'ECONNREFUSED') return 'connection refused; start the service with npm start';
  return cause instanceof Error && cause.message ? cause.message : message;
}
