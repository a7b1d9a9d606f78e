import { describe, expect, test } from '@jest/globals';
import { tellOf } from '../world/conversations';
import { startWorld, world } from '../world/use-world';

const CUSTOMER = '+14155550123';

const UNUSED = [
  ...['onConversationUpdate', 'onConversationRemove', 'onConversationUpdated', 'onConversationRemoved'],
  ...['onMessageUpdate', 'onMessageRemove', 'onMessageUpdated', 'onMessageRemoved'],
  ...['onParticipantAdd', 'onParticipantUpdate', 'onParticipantRemove'],
  ...['onParticipantUpdated', 'onParticipantRemoved'],
  ...['onUserUpdate', 'onUserAdded', 'onUserUpdated'],
  ...['onConversationStateUpdated', 'onDeliveryUpdated'],
  ...['onSomethingNew', 'onmessageadd', 'ONMESSAGEADD', 'constructor', '__proto__'],
];

describe('an event that the service does not use', () => {
  test.each(UNUSED)('is accepted without an outbound request: %s', async (event) => {
    await startWorld({ customers: [{ id: 1, name: 'Jane', sms: CUSTOMER, opt_out: 'true' }] });

    const { status, body, log } = await tellOf(world, event, {
      ConversationSid: 'not even a SID',
      ClientIdentity: 'ana@example.com',
      'MessagingBinding.Address': CUSTOMER,
      Author: CUSTOMER,
      Body: 'STOP',
    });

    expect([status, body]).toEqual([200, {}]);
    expect([...world.airtableRequests, ...world.twilio.requests]).toEqual([]);
    expect(log).toMatchObject([{ level: 'INFO', event, status: 200 }]);
  });
});
