import { describe, expect, test } from '@jest/globals';
import { changeAtTwilio } from '../world/conversations';
import { ANA, askCrm, BOB } from '../world/crm';
import { askTemplates, templateTexts } from '../world/templates';
import { startWorld, world } from '../world/use-world';
import { SMS_NUMBER, WHATSAPP_NUMBER, type WorldOptions } from '../world/world';

const JOHNS = '+14155550123';

async function worldOf(options: WorldOptions = {}) {
  await startWorld({
    customers: [
      { id: 1, name: 'Of Ana', owner: ANA, sms: '+14155550101' },
      { id: 2, name: 'Of Bob', owner: BOB, sms: '(415) 555-0123', notes: 'Secret' },
      { id: 3, name: 'Nobody’s', sms: '+14155550103' },
      { id: 4, name: 'Of Bob, without a number', owner: BOB },
    ],
    templates: [{ category: 'All', text: 'Hello {{name}}' }],
    ...options,
  });
}

const details = (CustomerId: string) => askCrm(world, 'GetCustomerDetailsByCustomerId', { CustomerId });
const templates = (CustomerId: string, parameters = {}) => askTemplates(world, CustomerId, parameters);

/** A conversation between this address and Ana. */
function conversationWith(address: string, identities: readonly string[] = [ANA]) {
  const proxyAddress = address.startsWith('whatsapp:') ? `whatsapp:${WHATSAPP_NUMBER}` : SMS_NUMBER;
  return world.twilio.createConversation({
    participants: [{ address, proxyAddress }, ...identities.map((identity) => ({ identity }))],
  });
}

describe('details and templates', () => {
  test.each(['1', '3'])('are returned for the worker’s own customer and an unowned one: %s', async (id) => {
    await worldOf();

    expect((await details(id)).status).toBe(200);
    expect(templateTexts(await templates(id))).toHaveLength(1);
    expect(world.twilio.requests).toEqual([]);
  });

  test('of a colleague’s customer are the same 404 as of a customer who does not exist', async () => {
    await worldOf();
    const [theirs, unknown] = [await details('2'), await details('99')];

    expect(theirs.status).toBe(404);
    expect(
      JSON.stringify(theirs.body)
        .replace('id 2', 'id 99')
        .replace(/"request_id".*/, ''),
    ).toBe(JSON.stringify(unknown.body).replace(/"request_id".*/, ''));
    expect((await templates('2')).status).toBe(404);
    expect((await details('4')).status).toBe(404);
  });

  test.each([JOHNS, `whatsapp:${JOHNS}`])(
    'of a colleague’s customer are returned while the worker takes part in a conversation with %s',
    async (address) => {
      await worldOf();
      const conversation = conversationWith(address);

      expect((await details('2')).status).toBe(200);
      expect(templateTexts(await templates('2'))).toEqual(['Hello Of Bob']);

      await changeAtTwilio(world, 'POST', `/Conversations/${conversation.sid}`, { State: 'closed' });
      expect((await details('2')).status).toBe(404);
      expect((await templates('2', { ConversationSid: conversation.sid })).status).toBe(404);
    },
  );

  test('are not returned for a conversation without the worker, or with another customer', async () => {
    await worldOf();
    const [withoutAna, withAnother] = [conversationWith(JOHNS, [BOB]), conversationWith('+14155550199')];

    expect((await details('2')).status).toBe(404);
    for (const { sid } of [withoutAna, withAnother]) {
      expect((await templates('2', { ConversationSid: sid })).status).toBe(404);
    }
  });

  test('use the conversation that the templates name, without looking for others', async () => {
    await worldOf();
    const { sid } = conversationWith(JOHNS);

    expect(templateTexts(await templates('2', { ConversationSid: sid }))).toHaveLength(1);
    expect(world.twilio.requests.map(({ path }) => path).sort()).toEqual([
      `/v1/Conversations/${sid}`,
      `/v1/Conversations/${sid}/Participants`,
    ]);
  });

  test('are not returned if Twilio does not say who takes part', async () => {
    await worldOf();
    conversationWith(JOHNS);
    world.twilio.faults.always({ kind: 'server-error' });

    expect((await details('2')).status).toBe(502);
  });
});

describe('CUSTOMER_VISIBILITY=team', () => {
  test('opens details and templates to every worker, but deletion only to the owner', async () => {
    await worldOf({ settings: { CUSTOMER_VISIBILITY: 'team' } });

    expect((await details('2')).status).toBe(200);
    expect(templateTexts(await templates('4'))).toHaveLength(1);
    expect((await askCrm(world, 'DeleteCustomer', { CustomerId: '2' })).status).toBe(404);
    expect(world.twilio.requests).toEqual([]);
  });
});
