import { createHmac, timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as v from 'valibot';
import { InvalidSignatureError } from '../errors';
import type { WebhookRegistration } from '../replica/replica-store';

/** Airtable's notification that something in the base has changed. It carries no data. */
export interface Ping {
  readonly baseId: string;
  readonly webhookId: string;
  /** The exact bytes of the body, which the authentication code covers. */
  readonly body: Buffer;
  readonly mac: Buffer;
}

const MAX_BODY_BYTES = 64 * 1_024;
const MAX_BASE64_LENGTH = 4 * Math.ceil(MAX_BODY_BYTES / 3);
const MAC = /^hmac-sha256=([0-9a-f]{64})$/;

const id = v.object({ id: v.string() });
const PingBody = v.pipe(v.string(), v.parseJson(), v.object({ base: id, webhook: id }));

/**
 * Parses a ping without verifying it.
 * @throws {InvalidSignatureError} for anything that Airtable does not send.
 */
export function readPing(event: Pick<APIGatewayProxyEventV2, 'headers' | 'body' | 'isBase64Encoded'>): Ping {
  const mac = MAC.exec(event.headers['x-airtable-content-mac'] ?? '')?.[1];
  if (mac === undefined) throw new InvalidSignatureError('The request has no X-Airtable-Content-MAC');
  const text = event.body ?? '';
  if (text.length > MAX_BASE64_LENGTH) throw new InvalidSignatureError('The body is larger than 64 kB');
  const body = Buffer.from(text, event.isBase64Encoded ? 'base64' : 'utf8');
  if (body.byteLength > MAX_BODY_BYTES) throw new InvalidSignatureError('The body is larger than 64 kB');
  const parsed = v.safeParse(PingBody, body.toString('utf8'));
  if (!parsed.success) throw new InvalidSignatureError('The body is not a notification by Airtable');
  const { base, webhook } = parsed.output;
  return { baseId: base.id, webhookId: webhook.id, body, mac: Buffer.from(mac, 'hex') };
}

/**
 * Verifies that a ping is from the webhook that sync created (airtable.md#webhook-notifications). A ping may be
 * repeated: another run is harmless, because sync continues from its cursor.
 * @throws {InvalidSignatureError}
 */
export function verifyPing(ping: Ping, webhook: WebhookRegistration | null): void {
  if (webhook === null) throw new InvalidSignatureError('There is no webhook');
  if (ping.webhookId !== webhook.id)
    throw new InvalidSignatureError('The notification is from another webhook');
  const key = Buffer.from(webhook.macSecretBase64, 'base64');
  const expected = createHmac('sha256', key).update(ping.body).digest();
  if (!timingSafeEqual(ping.mac, expected)) {
    throw new InvalidSignatureError('The message authentication code does not match the body');
  }
}

/** The path of the endpoint for Airtable's webhook. */
export const AIRTABLE_WEBHOOK_PATH = '/airtable/webhook';
