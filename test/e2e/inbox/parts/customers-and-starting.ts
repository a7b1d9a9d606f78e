import type { Page } from 'playwright-core';
import { becomes, same, sees, seesNo } from '../expect';
import type { InboxWorld } from '../world';

/** Points 1, 4 and 9: finding and adding customers, starting chats, addresses. */
export async function customersAndStarting(world: InboxWorld): Promise<void> {
  const { report } = world;
  report.step('Customers, new chats and addresses');
  const ana = await world.open({ worker: 'Ana Beltrán', at: '/customers' });
  const { page } = ana;
  const search = page.getByRole('searchbox', { name: 'Search customers' });
  const rows = page.locator('.list li');

  await report.check(
    '1 the own customers are there, more by scrolling, never more than 80 rows at once',
    async () => {
      await becomes(
        'the number of rows',
        () => rows.count(),
        (count) => count > 5 && count <= 80,
      );
      const count = await scrollThrough(page);
      if (count < 70) throw new Error(`Only ${count} customers came`);
    },
  );

  await report.check(
    '1 search answers while typing, marks what matched, and says what to do when nothing did',
    async () => {
      await search.fill('oceane');
      await sees(page.locator('.list mark').filter({ hasText: 'Océane' }));
      same('the address', (await ana.address()).searchParams.get('q'), 'oceane');
      await search.fill('qqqq');
      await sees(page.getByText('No customer matches “qqqq”'));
      await search.fill('');
    },
  );

  await report.check('1 a customer has channels, links, notes and owner', async () => {
    await search.fill('Sam Hern');
    await ana.row(/Sam Hernández/).click();
    await sees(page.getByText('+12125550114').first());
    await sees(page.getByText(/Met at the spring fair/));
    await sees(page.getByRole('heading', { name: 'Owner' }));
    same('the address', (await ana.address()).pathname, '/customers/82');
  });

  await report.check(
    '1 adding a customer says what is missing, and keeps what is typed over a reload',
    async () => {
      await ana.goto('/customers');
      await ana.button('Add customer').click();
      await page.getByLabel('Name').fill('Nora Newcomer');
      await ana.button('Add').last().click();
      await sees(page.getByText('Enter at least one number.'));
      await page.reload();
      await becomes(
        'the name',
        () => page.getByLabel('Name').inputValue(),
        (name) => name === 'Nora Newcomer',
      );
      await page.getByLabel('SMS number').fill('+1 628 555 0199');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await sees(page.getByRole('heading', { name: 'Nora Newcomer' }));
      await sees(page.getByText('+16285550199'));
    },
  );

  await report.check('4 a chat by SMS starts with the first message, from the team’s number', async () => {
    await ana.button('Write by SMS').click();
    await ana.composer.fill('Hello Nora, welcome!');
    await ana.composer.press('Enter');
    await sees(ana.message('Hello Nora, welcome!'));
    await becomes(
      'the address',
      () => new URL(page.url()).pathname,
      (path) => /^\/chats\/CH/u.test(path),
    );
    await sees(ana.row('Nora Newcomer'));
    const bound = world.bindingOf('+16285550199');
    same('the proxy address', bound?.proxyAddress, world.smsNumber);
    same('messages at Twilio', world.messagesOf('+16285550199').length, 1);
  });

  await report.check('4 where one is open already, that one opens and the text is kept', async () => {
    const open = (await ana.address()).pathname;
    await ana.goto('/customers?q=Nora');
    await ana.row('Nora Newcomer').click();
    await ana.button('Write by SMS').click();
    await becomes(
      'the address',
      () => new URL(page.url()).pathname,
      (path) => path === open,
    );
    // An address from before may still lead to a new chat.
    await page.goBack();
    await ana.goto(`${new URL(page.url()).pathname}/new/sms`);
    await ana.composer.fill('A second hello');
    await ana.composer.press('Enter');
    await becomes(
      'the address',
      () => new URL(page.url()).pathname,
      (path) => path === open,
    );
    await becomes(
      'the composer',
      () => ana.composer.inputValue(),
      (text) => text === 'A second hello',
    );
    same('messages at Twilio', world.messagesOf('+16285550199').length, 1);
    await ana.composer.fill('');
  });

  await report.check(
    '9 the address of a customer’s chat opens it, that of a customer the customer',
    async () => {
      await ana.goto('/customers/15/chat');
      await sees(page.getByRole('log', { name: 'Conversation with Megan Garcia' }));
      await ana.goto('/customers/82/chat');
      await sees(page.getByRole('heading', { name: 'Sam Hernández' }));
    },
  );

  await report.check('9 another worker’s customer and chat are not shown', async () => {
    await ana.goto('/customers/13');
    await sees(page.getByText('This customer is not yours'));
    await ana.goto(`/chats/${world.chatOf('bashir@example.com')}`);
    await sees(page.getByText('This chat is not yours'));
    await seesNo(ana.composer);
  });

  await report.check('9 back, forward and reload show what the address says', async () => {
    await ana.goto('/chats');
    await ana.openChat(/Megan Garcia/);
    await ana.openChat(/Amélie Bernard/);
    await page.goBack();
    await sees(page.getByRole('log', { name: 'Conversation with Megan Garcia' }));
    await page.goForward();
    await page.reload();
    await sees(page.getByRole('log', { name: 'Conversation with Amélie Bernard' }));
  });
  await world.done(ana);
}

/** The number of rows, the place of the last one in the whole list, and the list's length: -1 until all is loaded. */
const LAST_ROW = `(() => {
  const rows = [...document.querySelectorAll('.list li')];
  const last = rows.at(-1);
  return [rows.length, Number(last?.ariaPosInSet), Number(last?.ariaSetSize)];
})()`;

/** Scrolls from the last row there is to the last row there is then. @returns the number of customers in the list */
async function scrollThrough(page: Page): Promise<number> {
  const lastRow = () => page.evaluate<readonly [number, number, number]>(LAST_ROW);
  for (;;) {
    const [rows, place, all] = await lastRow();
    if (rows > 80) throw new Error(`There are ${rows} rows at once`);
    if (place === all) return all;
    await page.locator('.list li').last().scrollIntoViewIfNeeded();
    await becomes('the last row', lastRow, ([, now, size]) => now > place || now === size);
  }
}
