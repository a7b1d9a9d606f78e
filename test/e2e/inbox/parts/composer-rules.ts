import { becomes, same, sees, seesNo } from '../expect';
import type { InboxWorld } from '../world';

const STOPPER = { name: "Grace D'Angelo", number: '+16175550100' };

/** Points 5, 6 and 7: templates, WhatsApp's 24 hours, opt-outs. */
export async function composerRules(world: InboxWorld): Promise<void> {
  const { report, twilio } = world;
  report.step('Templates, 24 hours and opt-outs');
  const ana = await world.open({ worker: 'Ana Beltrán' });
  const { page } = ana;
  const filter = page.getByRole('combobox', { name: 'Filter templates' });

  await report.check(
    '5 "/" opens the templates, filled in; typing filters, Enter takes one over to be edited',
    async () => {
      await ana.openChat(/Darnell McAllister/);
      await ana.composer.press('/');
      await sees(filter);
      await filter.pressSequentially('seattle');
      await sees(page.getByRole('option', { name: /We are in Seattle next week/u }));
      await filter.press('Enter');
      await becomes(
        'the composer',
        () => ana.composer.inputValue(),
        (text) => text === 'We are in Seattle next week. May we come by?',
      );
      await ana.composer.fill('');
    },
  );

  await report.check('5 what cannot be filled in is not offered, and says why', async () => {
    await ana.composer.press('/');
    await page.getByText(/cannot be used here/u).click();
    await sees(page.locator('.picker-not-offered li').filter({ hasText: /technician/iu }));
    await page.keyboard.press('Escape');
  });

  await report.check('6 in the last hour a countdown stands above the composer', async () => {
    await ana.openChat(world.closingSoon.name);
    await sees(page.getByText(/WhatsApp closes this chat for free text in \d+ minutes?/u));
    await sees(ana.composer);
  });

  await report.check('6 after 24 hours only approved templates go, by their ContentSid', async () => {
    await ana.openChat(world.windowOver.name);
    await sees(page.getByText('More than 24 hours since the customer wrote.'));
    await seesNo(ana.composer);
    await ana.button('Choose a template').click();
    await page.getByRole('option').first().click();
    await sees(ana.button('Send'));
    await ana.button('Send').click();
    await sees(ana.log.locator('.message').last().getByText('Template'));
    const sent = await becomes(
      'the last message at Twilio',
      () => world.messagesOf(world.windowOver.address).at(-1),
      (message) => message?.contentSid !== null && message?.contentSid !== undefined,
    );
    if (!sent?.attributes.includes('"text"')) throw new Error('Its Attributes hold no text');
  });

  await report.check('6 a message of the customer opens the composer again', async () => {
    await twilio.receiveMessage({ from: world.windowOver.address, body: 'Here I am' });
    await sees(ana.composer);
  });

  await report.check('5 a new WhatsApp chat starts with a template', async () => {
    await ana.goto('/customers/82/new/whatsapp');
    await sees(page.getByText('A new WhatsApp chat begins with an approved template.'));
    await page.getByRole('option').first().click();
    await ana.button('Send').click();
    await sees(page.getByRole('log', { name: 'Conversation with Sam Hernández' }));
  });

  await report.check('7 a STOP closes the composer at once; the focus goes to the bar', async () => {
    await ana.goto('/chats');
    await twilio.receiveMessage({ from: STOPPER.number, body: 'Hello' });
    await ana.openChat(STOPPER.name);
    await ana.composer.fill('I am just wri');
    await twilio.receiveMessage({ from: STOPPER.number, body: 'STOP' });
    await sees(page.getByText(/opted out of messages/u));
    await seesNo(ana.composer);
    await becomes(
      'the focus',
      () => page.locator(':focus').getAttribute('class'),
      (name) => name === 'bar',
    );
    await sees(ana.row(STOPPER.name).getByText('Opted out'));
  });

  await report.check(
    '7 the server refuses a send to a customer who opted out, also without the browser’s checks',
    async () => {
      const before = world.messagesOf(STOPPER.number).length;
      const sid = (await ana.address()).pathname.split('/').at(-1) ?? '';
      same(
        'the status',
        await ana.post(`/api/chats/${sid}/messages`, {
          sendId: crypto.randomUUID(),
          content: { kind: 'text', text: 'Sneaky' },
        }),
        403,
      );
      same('messages at Twilio', world.messagesOf(STOPPER.number).length, before);
    },
  );

  await report.check('7 START opens it, and the draft is still there', async () => {
    await twilio.receiveMessage({ from: STOPPER.number, body: 'START' });
    await sees(ana.composer);
    same('the composer', await ana.composer.inputValue(), 'I am just wri');
    await ana.composer.fill('');
  });
  await report.check('3 from 1,400 characters on the composer counts down', async () => {
    await ana.composer.fill('x'.repeat(1_400));
    await sees(page.getByText('200 characters left'));
    await ana.composer.fill('x'.repeat(1_399));
    await seesNo(page.getByText(/characters left/u));
    await ana.composer.fill('x'.repeat(1_590));
    await sees(page.getByText('10 characters left'));
    await ana.composer.fill('x'.repeat(1_602));
    await sees(page.getByText('2 characters too many'));
    same('Send is off', await ana.button('Send').isDisabled(), true);
    await ana.composer.fill('');
  });
  await world.done(ana);
}
