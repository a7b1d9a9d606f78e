import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { startAirtable } from '../../../emulators/airtable/airtable-emulator';
import type { Fault as AirtableFault } from '../../../emulators/airtable/airtable-faults';
import { aBase, customersTable } from '../../../emulators/airtable/base-data';
import { startTwilio } from '../../../emulators/twilio/twilio-emulator';
import type { Fault as TwilioFault } from '../../../emulators/twilio/twilio-faults';
import { AirtableClient } from '../../../lambdas/airtable/airtable-client';
import { callbackTransport, WITHIN_CALLBACK } from '../../../lambdas/airtable/airtable-transport';
import { Deadline } from '../../../lambdas/http-client/deadline';
import { CALLBACK_POLICY, type CallContext } from '../../../lambdas/http-client/send';
import { RequestLog } from '../../../lambdas/telemetry/request-log';
import { RESPONSE_BUDGET_MS, RESPONSE_RESERVE_MS } from '../../../lambdas/twilio/callbacks';
import { TwilioClient, USUAL_POLICY } from '../../../lambdas/twilio/twilio-client';

const CONVERSATION_SID = `CH${'0'.repeat(32)}`;
const ACCOUNT_SID = `AC${'0'.repeat(32)}`;
const AUTH_TOKEN = 'token';
const AIRTABLE_API_KEY = 'pat.test';

// These wait for an outage to be reported, so they run in parallel, each with its own emulators.

/** With the callbacks' policies the first request and three retries; an outage causes no flood of requests. */
const ATTEMPTS = CALLBACK_POLICY.waitsMilliseconds.length + 1;
const SILENT: ReadonlySet<string> = new Set(['stalled', 'stalled-body', 'slow']);

/** Short where no response comes, so that the test ends soon, and otherwise longer than a slow machine needs for one. */
function attemptOf({ kind }: { readonly kind: string }) {
  return { attemptMilliseconds: SILENT.has(kind) ? 200 : 30_000 };
}

/** The error of failing work that no deadline ends, and its request log. */
async function failureOf(work: (context: CallContext) => Promise<unknown>) {
  const requestLog = new RequestLog();
  const error = await work({ deadline: Deadline.in(120_000), requestLog }).then(
    () => 'nothing failed',
    (reason: unknown) => reason,
  );
  return { error, counted: requestLog.entry() };
}

/** A request that was given up soon may not have arrived. */
function expectArrived({ length }: readonly unknown[], { kind }: { readonly kind: string }): void {
  if (SILENT.has(kind)) expect(length).toBeLessThanOrEqual(ATTEMPTS);
  else expect(length).toBe(ATTEMPTS);
}

test('one attempt without a response leaves every callback the time for another', () => {
  const { attemptMilliseconds, waitsMilliseconds, spread } = CALLBACK_POLICY;
  const shortestMs = Math.min(...Object.values(RESPONSE_BUDGET_MS)) - RESPONSE_RESERVE_MS;

  expect(attemptMilliseconds + (waitsMilliseconds[0] ?? 0) * spread).toBeLessThan(shortestMs - 500);
});

describe('requests to Airtable stop after three retries when it always responds with', () => {
  test.concurrent.each<[string, AirtableFault]>([
    ['500', { kind: 'server-error' }],
    ["502 with a proxy's page", { kind: 'bad-gateway' }],
    ['503', { kind: 'unavailable' }],
    ['503 that says when to come again', { kind: 'unavailable', retryAfterSeconds: 1 }],
    ['a broken connection', { kind: 'connection-reset' }],
    ['half a body', { kind: 'stalled-body' }],
    ['headers that come after a minute', { kind: 'slow', milliseconds: 60_000 }],
  ])('%s', async (_what, fault) => {
    const airtable = await startAirtable({
      base: aBase([customersTable([])]),
      tokens: [{ token: AIRTABLE_API_KEY }],
      limits: { requestsPerSecond: 'unlimited' },
    });
    try {
      airtable.faults.always(fault);
      const access = { url: airtable.url, baseId: airtable.base.id, apiKey: AIRTABLE_API_KEY };

      const { error, counted } = await failureOf((context) =>
        new AirtableClient(
          access,
          callbackTransport(context, airtable.url, undefined, { ...WITHIN_CALLBACK, ...attemptOf(fault) }),
        ).list('Customers'),
      );

      expect(error).toMatchObject({ name: 'Unavailable', message: expect.stringContaining('Airtable') });
      expectArrived(airtable.requests, fault);
      expect(counted).toMatchObject({
        airtableRequests: ATTEMPTS,
        airtableRetries: ATTEMPTS - 1,
        airtableFailures: ATTEMPTS,
        twilioRequests: 0,
      });
    } finally {
      await airtable.close();
    }
  });
});

describe('requests to Twilio stop after three retries when it always responds with', () => {
  test.concurrent.each<[string, TwilioFault]>([
    ['429', { kind: 'rate-limited' }],
    ['429 that says when to come again', { kind: 'rate-limited', retryAfterSeconds: 1 }],
    ['500', { kind: 'server-error' }],
    ["502 with a proxy's page", { kind: 'bad-gateway' }],
    ['503', { kind: 'unavailable' }],
    ['a broken connection', { kind: 'connection-reset' }],
    ['nothing', { kind: 'stalled' }],
  ])('%s', async (_what, fault) => {
    const twilio = await startTwilio({ accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN });
    try {
      twilio.createConversation();
      twilio.faults.always(fault);
      const credentials = {
        accountSid: ACCOUNT_SID,
        authToken: AUTH_TOKEN,
        signingTokens: [AUTH_TOKEN],
        sharedKeys: [],
        airtableApiKey: '',
        twilioApiKey: null,
      };

      const { error, counted } = await failureOf((context) =>
        new TwilioClient(credentials, context).get(
          `${twilio.url}/v1/Conversations/${CONVERSATION_SID}`,
          v.unknown(),
          { ...USUAL_POLICY, ...attemptOf(fault) },
        ),
      );

      expect(error).toMatchObject({ name: 'UpstreamFailed', message: expect.stringContaining('Twilio') });
      expectArrived(twilio.requests, fault);
      expect(counted).toMatchObject({
        airtableRequests: 0,
        twilioRequests: ATTEMPTS,
        twilioRetries: ATTEMPTS - 1,
        twilioFailures: ATTEMPTS,
      });
    } finally {
      await twilio.close();
    }
  });
});
