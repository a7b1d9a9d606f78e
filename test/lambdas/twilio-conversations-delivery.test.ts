import { describe, expect, test } from '@jest/globals';
import { tellOf } from '../world/conversations';
import { serviceMetrics } from '../world/metrics';
import { startWorld, world } from '../world/use-world';

async function delivery(parameters: Readonly<Record<string, string>>) {
  await startWorld();
  return tellOf(world, 'onDeliveryUpdated', {
    ConversationSid: `CH${'a'.repeat(32)}`,
    MessageSid: `IM${'b'.repeat(32)}`,
    DeliveryReceiptSid: `DY${'c'.repeat(32)}`,
    ...parameters,
  });
}

describe('onDeliveryUpdated', () => {
  test.each<[status: string, code: string, says: RegExp]>([
    ['undelivered', '63016', /24 hours.*approved WhatsApp template/],
    ['failed', '21610', /replied STOP.*only the customer can undo it/],
    ['failed', '30034', /not registered.*administrator/],
    ['undelivered', '63041', /paused.*choose another template/],
    ['FAILED', '30007', /spam.*without links/],
  ])('explains in the log why a message is %s with %s, and counts it', async (Status, ErrorCode, says) => {
    const answer = await delivery({ Status, ErrorCode });

    expect(answer).toMatchObject({ status: 200, body: {} });
    expect(answer.log).toMatchObject([
      {
        conversationSid: `CH${'a'.repeat(32)}`,
        messageSid: `IM${'b'.repeat(32)}`,
        warnings: [expect.stringMatching(says)],
      },
    ]);
    expect(serviceMetrics(answer)).toMatchObject({ MessagesUndelivered: 1 });
  });

  test('counts messages that WhatsApp rejects outside its window separately', async () => {
    expect(serviceMetrics(await delivery({ Status: 'failed', ErrorCode: '63016' }))).toMatchObject({
      MessagesUndelivered: 1,
      MessagesOutsideWindow: 1,
    });
  });

  test.each(['', '0', '99999', 'x', '63016; DROP'])(
    'has a sentence for any other code: %j',
    async (ErrorCode) => {
      const answer = await delivery({ Status: 'failed', ErrorCode });

      expect(answer.status).toBe(200);
      expect(answer.log).toMatchObject([
        { warnings: [expect.stringMatching(/^A message was not delivered/)] },
      ]);
      expect(JSON.stringify(answer.log)).not.toContain('DROP');
    },
  );

  test.each(['sent', 'delivered', 'read', ''])('logs nothing for a message that is %s', async (Status) => {
    const answer = await delivery({ Status });

    expect(answer.status).toBe(200);
    expect(answer.log[0]).not.toHaveProperty('warnings');
    expect(serviceMetrics(answer)).not.toHaveProperty('MessagesUndelivered');
  });
});
