import { beforeEach, describe, expect, test } from '@jest/globals';
import { lambdaContext } from '../../../emulators/lambda/invocation';
import { handler as crm } from '../../../lambdas/crm';
import { handler as conversations } from '../../../lambdas/twilio-conversations';
import { type CallbackEvent, callbackEvent } from '../../world/callback-event';
import { ANA } from '../../world/crm';
import {
  CONVERSATION_SID,
  CUSTOMER_NUMBER,
  FIVE_CALLBACKS,
  type OneOfFive,
} from '../../world/five-callbacks';
import { captureOutput, parseMetrics } from '../../world/log-lines';
import { startFive, world } from '../../world/use-world';
import { ACCOUNT_SID, AIRTABLE_API_KEY, AUTH_TOKEN, CREDENTIALS } from '../../world/world';

const SECONDARY = 'd'.repeat(32);
const SECRETS = [
  AUTH_TOKEN,
  SECONDARY,
  AIRTABLE_API_KEY,
  Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64'),
];

beforeEach(async () => {
  await startFive({
    secret: JSON.stringify({ ...CREDENTIALS, AUTH_TOKEN_SECONDARY: SECONDARY }),
  });
});

/** Everything that a request writes to standard output and standard error. */
async function outputOf(handler: OneOfFive['handler'], event: CallbackEvent): Promise<string> {
  const output = captureOutput();
  try {
    await handler(event, lambdaContext('test', 10_000));
    return output.text();
  } finally {
    output.stop();
  }
}

/** The output without the metrics. */
function logLines(output: string): string[] {
  return output
    .trimEnd()
    .split('\n')
    .filter((line) => parseMetrics(line) === null);
}

const EXPECTED: Readonly<Record<OneOfFive['name'], object>> = {
  crm: { location: 'GetCustomersList', worker: ANA, airtableRequests: 0, twilioRequests: 0 },
  'outgoing-conversation': {
    location: 'GetProxyAddress',
    worker: ANA,
    customerId: '1',
    airtableRequests: 0,
    twilioRequests: 0,
  },
  routing: { worker: ANA, conversationSid: CONVERSATION_SID, airtableRequests: 0 },
  templates: {
    location: 'GetTemplatesByCustomerId',
    worker: ANA,
    customerId: '1',
    conversationSid: CONVERSATION_SID,
    airtableRequests: 0,
    twilioRequests: 0,
  },
  'twilio-conversations': {
    event: 'onMessageAdd',
    worker: ANA,
    conversationSid: CONVERSATION_SID,
    airtableRequests: 0,
    twilioRequests: 1,
  },
};

describe.each(FIVE_CALLBACKS)('$name', (callback) => {
  const { name, path, handler, asks } = callback;
  const signed = () => callbackEvent(asks, { path, authToken: AUTH_TOKEN });
  const refused = () => callbackEvent(asks, { path, authToken: 'f'.repeat(32) });

  test('writes exactly one line of JSON with subject and cost', async () => {
    const lines = logLines(await outputOf(handler, signed()));

    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'INFO',
      callback: name,
      status: 200,
      milliseconds: expect.any(Number),
      airtableRequests: world.airtableRequests.length,
      twilioRequests: world.twilio.requests.length,
      ...EXPECTED[name],
    });
  });

  test('writes no secret, number or message text, and no subject into metrics, in any case', async () => {
    const happenings: readonly (() => void)[] = [
      () => {},
      () => world.database.fail('server-error'),
      () => world.database.fail(null),
      () =>
        world.twilio.faults.always({
          kind: 'rejected',
          status: 400,
          code: 50407,
          message: `Invalid ${CUSTOMER_NUMBER}`,
        }),
      () => world.fillSecret(JSON.stringify({ ...CREDENTIALS, AIRTABLE_API_KEY: `${AIRTABLE_API_KEY}x` })),
    ];
    for (const happen of happenings) {
      happen();
      const output = (await outputOf(handler, signed())) + (await outputOf(handler, refused()));

      for (const secret of SECRETS) expect(output).not.toContain(secret);
      expect(output).not.toMatch(/4155550123|tea is on its way|Jane Roe/);
      expect(logLines(output)).toHaveLength(2);
      const metrics = output.split('\n').filter((line) => parseMetrics(line) !== null);
      expect(metrics.join()).not.toMatch(new RegExp(`${ANA}|${ACCOUNT_SID}|CH[0-9a-f]{32}`));
    }
  });
});

describe('the line of a request that fails', () => {
  test('redacts a number that a worker mistyped, which the response to the worker repeats', async () => {
    const Channels = JSON.stringify([{ type: 'sms', value: '+1 415 555 0123 4567 8901' }]);

    const { body, log } = await world.ask(
      crm,
      { Location: 'CreateCustomer', Worker: ANA, DisplayName: 'Zoë Zabel', Channels },
      { path: '/callbacks/crm' },
    );

    expect(body).toMatchObject({ friendly_error_message: expect.stringContaining('+1 415 555 0123') });
    expect(JSON.stringify(log)).not.toMatch(/415.?555|Zabel/);
  });

  test('redacts a number that the base has as an id', async () => {
    const { log } = await world.ask(
      crm,
      { Location: 'GetCustomerDetailsByCustomerId', Worker: ANA, CustomerId: '+14155550199' },
      { path: '/callbacks/crm' },
    );

    expect(log).toMatchObject([{ status: 404, failure: { message: 'No customer has the id …99' } }]);
  });
});

test('a message that a customer sends leaves neither its text nor its sender in the log', async () => {
  const event = callbackEvent(
    {
      AccountSid: ACCOUNT_SID,
      EventType: 'onMessageAdded',
      ConversationSid: CONVERSATION_SID,
      Author: `whatsapp:${CUSTOMER_NUMBER}`,
      Body: 'STOP',
      Attributes: '{"note":"a secret garden"}',
    },
    { path: '/callbacks/twilio-conversations', authToken: AUTH_TOKEN },
  );

  const output = await outputOf(conversations, event);

  expect(logLines(output).map((line) => JSON.parse(line))).toMatchObject([
    {
      event: 'onMessageAdded',
      conversationSid: CONVERSATION_SID,
      status: 200,
    },
  ]);
  expect(output).not.toMatch(/STOP|4155550123|garden/);
});
