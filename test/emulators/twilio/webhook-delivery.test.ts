import { describe, expect, test } from '@jest/globals';
import type { WebhookFault } from '../../../emulators/twilio/twilio-faults';
import { signatureHeaders } from '../../../emulators/twilio/webhook-sender';
import { aTwilio, CUSTOMER } from './account';
import { aReceiver } from './webhook-receiver';

const KEY = { id: 'webhooks_sharedkey_1', secret: 'sharedkeysecret0123456789abcdef' };

async function withService() {
  const receiver = await aReceiver();
  const twilio = await aTwilio({
    webhooks: { postUrl: `${receiver.url}/post`, filters: ['onMessageAdded'] },
  });
  const bodies = () => receiver.received.map(({ params }) => params['Body']);
  return { twilio, receiver, bodies };
}

describe('post events', () => {
  test.each<[WebhookFault, string[]]>([
    ['lost', ['Two']],
    ['twice', ['One', 'One', 'Two']],
    ['late', ['Two', 'One']],
  ])('can be %s', async (fault, expected) => {
    const { twilio, bodies } = await withService();
    twilio.webhookFaults.next(1, fault, (_event, { Body }) => Body === 'One');

    for (const body of ['One', 'Two']) await twilio.receiveMessage({ from: CUSTOMER, body });

    expect(bodies()).toEqual(expected);
  });

  test('that are late come on demand', async () => {
    const { twilio, bodies } = await withService();
    twilio.webhookFaults.next(1, 'late');
    await twilio.receiveMessage({ from: CUSTOMER, body: 'One' });
    const before = bodies();

    await twilio.webhookFaults.sendLate();

    expect([before, bodies()]).toEqual([[], ['One']]);
  });
});

describe('signatures', () => {
  test('with a shared key are chosen for each event, beside those with the auth token', async () => {
    const { twilio, receiver } = await withService();

    twilio.signWith(KEY);
    await twilio.receiveMessage({ from: CUSTOMER, body: 'One' });
    twilio.signWith(null);
    await twilio.receiveMessage({ from: CUSTOMER, body: 'Two' });

    expect(
      receiver.received.map(({ headers, signed }) => [
        headers['x-twilio-webhooks-signature-settings'],
        signed,
      ]),
    ).toEqual([
      ['key=webhooks_sharedkey_1,algorithm=HMAC_SHA256', false],
      [undefined, true],
    ]);
  });

  // Computed with Twilio's Python library 9.13.0.
  test.each([
    [
      'https://frontline.example.com/callbacks/crm',
      'Location=GetCustomersList&PageSize=30&Worker=john%40example.com',
      'aT6Fc4m+G0baRtDlB2w4BhY1sae4zX+2AdNcXVwE078=',
    ],
    [
      'https://frontline.example.com/callbacks/x?bodySHA256=015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862',
      '',
      'gy7es5ycdV/Jbp6rQCVlPSLYogSQC9YerIARQDWiRkA=',
    ],
  ])('with a shared key are those of Twilio: %s', (url, form, expected) => {
    const parameters = Object.fromEntries(new URLSearchParams(form));

    expect(signatureHeaders(url, parameters, KEY)['X-Twilio-Signature']).toBe(expected);
  });
});
