import { becomes, same, sees, seesNo } from '../expect';
import { PHONE, type WorkerPage } from '../worker-page';
import type { InboxWorld } from '../world';

/** Where the focus goes when something opens and closes: a keyboard never begins again at the top of the page. */
export async function keyboardPlace(world: InboxWorld): Promise<void> {
  const { report, windowOver, longChat } = world;
  report.step('The place of a keyboard');
  const ana = await world.open({ worker: 'Ana Beltrán', at: `/chats/${windowOver.sid}` });
  const { page } = ana;
  const { keyboard } = page;

  await report.check(
    'Esc goes back within the templates, then to their button, not out of the chat',
    async () => {
      await ana.button('Choose a template').focus();
      await keyboard.press('Enter');
      const filter = page.getByRole('combobox', { name: 'Filter templates' });
      await sees(page.getByRole('option'));
      await keyboard.press('Enter');
      await focusIs(ana, 'Send');
      await keyboard.press('Escape');
      await sees(filter);
      await focusIs(ana, 'Filter templates');
      await keyboard.press('Tab');
      await keyboard.press('Escape');
      await seesNo(filter);
      await focusIs(ana, 'Choose a template');
      same('the address', (await ana.address()).pathname, `/chats/${windowOver.sid}`);
    },
  );
  await report.check('a pane gives the focus back to the button that opened it', async () => {
    await ana.openChat(longChat.name);
    await ana.button('Transfer').focus();
    await keyboard.press('Enter');
    await focusIs(ana, 'Hide details');
    await keyboard.press('Escape');
    await focusIs(ana, 'Transfer');
  });
  await report.check('a chat that is not there is named so', async () => {
    await ana.goto(`/chats/CH${'0'.repeat(32)}`);
    await sees(page.getByRole('region', { name: 'This chat is not yours' }));
  });
  await world.done(ana);

  const phone = await world.open({ worker: 'Ana Beltrán', screen: PHONE });
  await phone.openChat(longChat.name);
  await report.check('on a phone, details that slide over have the focus', async () => {
    await phone.page.locator('.head-person').focus();
    await phone.page.keyboard.press('Enter');
    await focusIs(phone, 'Hide details');
    await phone.page.keyboard.press('Enter');
    await focusIs(phone, longChat.name);
  });
  await world.done(phone);
}

/** Waits until the element with this name, or this text in it, has the focus. */
async function focusIs({ page }: WorkerPage, name: string): Promise<void> {
  const focused = page.locator(':focus');
  await becomes(
    'the focus',
    async () => ((await focused.count()) === 0 ? null : focused.evaluate(nameOf)),
    (text) => text?.includes(name) === true,
  );
}

function nameOf(element: { getAttribute(name: string): string | null; textContent: string | null }): string {
  return element.getAttribute('aria-label') ?? element.textContent ?? '';
}
