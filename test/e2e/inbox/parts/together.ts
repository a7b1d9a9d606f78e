import { becomes, same, sees, seesNo } from '../expect';
import { PHONE, type WorkerPage } from '../worker-page';
import type { InboxWorld } from '../world';

/** Ana's customer, reached by SMS and by WhatsApp at the same number. */
const DILYS = { name: 'Dilys Okafor', id: '41', number: '+447700900199' };
const MEGAN = 'whatsapp:+16175550143';

/** Point 8, and two workers with a customer on two channels at once. */
export async function together(world: InboxWorld): Promise<void> {
  const { report, twilio } = world;
  report.step('Two workers, one customer on two channels');
  const ana = await world.open({ worker: 'Ana Beltrán' });
  const bashir = await world.open({ worker: 'Bashir Haddad', screen: PHONE });

  await report.check(
    'a customer who writes on two channels at once has two chats, each with its own',
    async () => {
      await Promise.all([
        twilio.receiveMessage({ from: DILYS.number, body: 'By SMS' }),
        twilio.receiveMessage({ from: `whatsapp:${DILYS.number}`, body: 'By WhatsApp' }),
      ]);
      const rows = ana.page.locator('.list').getByRole('link', { name: DILYS.name });
      await becomes(
        'the number of chats',
        () => rows.count(),
        (count) => count === 2,
      );
      await ana.openChat(/Dilys Okafor.*By SMS/su);
      await ana.write('Hello by SMS');
      await sees(ana.message('Hello by SMS'));
      await ana.openChat(/Dilys Okafor.*By WhatsApp/su);
      await sees(ana.message('By WhatsApp'));
      await seesNo(ana.message('Hello by SMS'));
    },
  );

  await report.check('8 a transfer moves the chat to the colleague, with all that was written', async () => {
    const rows = ana.page.locator('.list').getByRole('link', { name: DILYS.name });
    const isGone = () =>
      becomes(
        'the number of Ana’s chats with the customer',
        () => rows.count(),
        (count) => count === 1,
      );
    // The live socket tells of it before the answer does, as it may.
    await ana.page.route(/\/transfer$/, async (route) => {
      const response = await route.fetch();
      await isGone().catch(() => undefined);
      await route.fulfill({ response });
    });
    await ana.button('Transfer').click();
    await ana.button(/Bashir Haddad/).click();
    await sees(ana.page.getByText('The chat is with Bashir Haddad now.').last());
    same('Ana’s address', (await ana.address()).pathname, '/chats');
    await isGone();
    await bashir.openChat(DILYS.name);
    await sees(bashir.message('By WhatsApp'));
    await bashir.write('Bashir here');
    await sees(bashir.message('Bashir here'));
    await becomes(
      'the last message',
      () => world.messagesOf(`whatsapp:${DILYS.number}`).at(-1),
      (message) => message?.author === 'bashir@example.com' && message.body === 'Bashir here',
    );
  });

  await report.check('8 of the colleague’s chat one sees channel, worker and state, no text', async () => {
    await ana.goto(`/customers/${DILYS.id}`);
    await sees(ana.page.getByText('with Bashir Haddad'));
    await seesNo(ana.page.getByText('Bashir here'));
  });

  await report.check(
    '4 a colleague’s open chat is named when one starts another on that channel',
    async () => {
      await ana.goto(`/customers/${DILYS.id}/new/whatsapp`);
      await ana.page.getByRole('option').first().click();
      await ana.button('Send').click();
      await sees(ana.page.getByText('Bashir Haddad has a chat open with this customer on this number.'));
    },
  );

  await report.check(
    '8 closing asks first; the closed chat is readable, and writing starts a new one',
    async () => {
      await ana.goto('/chats');
      await ana.openChat(/Dilys Okafor/u);
      const closed = (await ana.address()).pathname;
      await ana.button('Close chat').click();
      await ana.button('Keep it open').click();
      await seesNo(ana.button('Keep it open'));
      await sees(ana.composer);
      await ana.button('Close chat').click();
      await ana.page.locator('.pane-body').getByRole('button', { name: 'Close chat' }).click();
      await sees(ana.page.getByText('This chat is closed.'));
      await sees(ana.message('Hello by SMS'));
      await ana.button('Start a new chat').click();
      await ana.write('Hello again');
      await sees(ana.message('Hello again'));
      if ((await ana.address()).pathname === closed) throw new Error('The closed chat was opened again');
      await ana.button('Closed').click();
      await sees(ana.row(DILYS.name));
      await ana.button('All').click();
    },
  );

  await report.check('8 availability is off and on, and routing obeys', async () => {
    await setAvailable(ana, false);
    try {
      await ana.page.reload();
      await showsAvailable(ana, false);
    } finally {
      await setAvailable(ana, true);
    }
  });

  await report.check('8 a colleague who leaves the team is out, and the chat can be taken', async () => {
    await world.without('bashir@example.com', 'Bashir Haddad', async () => {
      await bashir.page.reload();
      await sees(bashir.page.getByText('You have no access to the inbox.'));
      await ana.goto(`/customers/${DILYS.id}`);
      await ana.button('Take this chat').click();
      await sees(ana.message('Bashir here'));
      await sees(ana.composer);
    });
  });

  await report.check('two tabs show the same, and a message written in one is sent once', async () => {
    await ana.goto('/chats');
    await ana.openChat(/Megan Garcia/);
    const other = await ana.newTab((await ana.address()).pathname);
    await ana.write('From the first tab');
    await sees(other.message('From the first tab'));
    await sees(ana.log.getByText(/^(Sent|Delivered)$/));
    same('bubbles in the other tab', await other.message('From the first tab').count(), 1);
    same('bubbles in the first tab', await ana.message('From the first tab').count(), 1);
    await becomes(
      'the number of messages at Twilio',
      () => world.messagesOf(MEGAN).filter(({ body }) => body === 'From the first tab').length,
      (count) => count === 1,
    );
    await other.page.close();
  });

  await report.check(
    'a colleague who takes the chat meanwhile: the text stays, and the app says why',
    async () => {
      await ana.composer.fill('Just a moment');
      await world.join(world.conversationOf(MEGAN), 'bashir@example.com');
      await world.leave(world.conversationOf(MEGAN), 'ana@example.com');
      await sees(ana.page.getByText('This chat is not yours'));
      await sees(ana.page.getByText('Just a moment'));
    },
  );
  await world.done(ana);
  await world.done(bashir);
}

/** Uses the switch, and waits until the server knows. */
async function setAvailable(tab: WorkerPage, isAvailable: boolean): Promise<void> {
  await showsAvailable(tab, !isAvailable);
  const [saved] = await Promise.all([
    tab.page.waitForResponse((response) => response.request().method() === 'PUT'),
    tab.page.getByRole('switch', { name: 'Available' }).click(),
  ]);
  same('the status', saved.status(), 200);
  await showsAvailable(tab, isAvailable);
}

async function showsAvailable({ page }: WorkerPage, isAvailable: boolean): Promise<void> {
  await becomes(
    'the switch',
    () => page.getByRole('switch', { name: 'Available' }).getAttribute('aria-checked'),
    (state) => state === String(isAvailable),
  );
}
