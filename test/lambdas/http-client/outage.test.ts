import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { startAirtable } from '../../../emulators/airtable/airtable-emulator';
import type { Fault as AirtableFault } from '../../../emulators/airtable/airtable-faults';
import { aBase, customersTable } from '../../../emulators/airtable/base-data';
import { startTwilio } from '../../../emulators/twilio/twilio-emulator';
import type { Fault as TwilioFault } from '../../../emulators/twilio/twilio-faults';
import { AirtableClient } from '../../../lambdas/airtable/airtable-client';
import { callbackTransport } from '../../../lambdas/airtable/airtable-transport';
import { Deadline } from '../../../lambdas/http-client/deadline';
import type { CallContext } from '../../../lambdas/http-client/send';
import { RequestLog } from '../../../lambdas/telemetry/request-log';
import { RESPONSE_BUDGET_MS } from '../../../lambdas/twilio/callbacks';
import { TwilioClient } from '../../../lambdas/twilio/twilio-client';

const CONVERSATION_SID = `CH${'0'.repeat(32)}`;
const ACCOUNT_SID = `AC${'0'.repeat(32)}`;
const AUTH_TOKEN = 'token';
const AIRTABLE_API_KEY = 'pat.test';

// These wait for an outage to be reported, so they run in parallel, each with its own emulators.

const LIMIT_MS = RESPONSE_BUDGET_MS['twilio-conversations'];

/** The error of failing work, its duration, and the number of requests in its request log. */
async function failureOf(work: (context: CallContext) => Promise<unknown>) {
  const requestLog = new RequestLog();
  const startedAt = performance.now();
  const error = await work({ deadline: Deadline.in(LIMIT_MS - 500), requestLog }).then(
    () => 'nothing failed',
    (reason: unknown) => reason,
  );
  return { error, milliseconds: performance.now() - startedAt, counted: requestLog.entry() };
}

/**
 * More than one, so that a short failure does not show, and few, so that an outage does not cause a flood of requests.
 */
function expectFew(requests: readonly unknown[]): void {
  expect(requests.length).toBeGreaterThan(1);
  expect(requests.length).toBeLessThanOrEqual(5);
}

describe('requests to Airtable stop after a few retries and in time when it always responds with', () => {
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

      const { error, milliseconds, counted } = await failureOf((context) =>
        new AirtableClient(access, callbackTransport(context, airtable.url)).list('Customers'),
      );

      expect(error).toMatchObject({ name: 'Unavailable', message: expect.stringContaining('Airtable') });
      expect(milliseconds).toBeLessThan(LIMIT_MS);
      expectFew(airtable.requests);
      expect(counted).toMatchObject({ airtableRequests: airtable.requests.length, twilioRequests: 0 });
    } finally {
      await airtable.close();
    }
  });
});

describe('requests to Twilio stop after a few retries and in time when it always responds with', () => {
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

      const { error, milliseconds, counted } = await failureOf((context) =>
        new TwilioClient(credentials, context).get(
          `${twilio.url}/v1/Conversations/${CONVERSATION_SID}`,
          v.unknown(),
        ),
      );

      expect(error).toMatchObject({ name: 'UpstreamFailed', message: expect.stringContaining('Twilio') });
      expect(milliseconds).toBeLessThan(LIMIT_MS);
      expectFew(twilio.requests);
      expect(counted).toMatchObject({ airtableRequests: 0, twilioRequests: twilio.requests.length });
    } finally {
      await twilio.close();
    }
  });
});
