import { becomes, same, sees, seesNo } from '../expect';
import { PHONE } from '../worker-page';
import type { InboxWorld } from '../world';

/** Whether the element with the focus, or the field around it, has an outline. */
const SHOWS_FOCUS = `[document.activeElement, document.activeElement.parentElement]
  .some((element) => getComputedStyle(element).outlineStyle !== 'none')`;

/** A phone of 360 px, and a desk without a mouse. */
export async function smallAndKeyboard(world: InboxWorld): Promise<void> {
  await onPhone(world);
  await byKeyboard(world);
}

async function onPhone(world: InboxWorld): Promise<void> {
  const { report } = world;
  report.step('A phone of 360 px');
  const bashir = await world.open({ worker: 'Bashir Haddad', screen: PHONE });
  const { page } = bashir;
  const nothingSticksOut = async () =>
    same('the width', await page.evaluate<number>('document.documentElement.scrollWidth'), 360);

  await report.check('shows the list with a bar below, then the chat alone', async () => {
    await sees(page.getByRole('navigation'));
    await nothingSticksOut();
    await page.locator('.list li').first().click();
    await sees(bashir.log);
    await seesNo(page.getByRole('searchbox'));
    await nothingSticksOut();
  });
  await report.check('the back button and the browser’s back agree', async () => {
    await bashir.button('Back').click();
    await sees(page.getByRole('heading', { name: 'Chats' }));
    await page.goForward();
    await sees(bashir.log);
    await page.goBack();
    await sees(page.getByRole('heading', { name: 'Chats' }));
  });
  await report.check('Enter breaks the line; the button sends', async () => {
    await page.locator('.list li').first().click();
    await bashir.composer.fill('One');
    await bashir.composer.press('Enter');
    await bashir.composer.pressSequentially('Two');
    same('the composer', await bashir.composer.inputValue(), 'One\nTwo');
    await bashir.button('Send').tap();
    await sees(bashir.message('One'));
  });
  await report.check('details slide over, and back closes them', async () => {
    await page.locator('.head-person').tap();
    await sees(page.getByRole('complementary'));
    await nothingSticksOut();
    await page.goBack();
    await seesNo(page.getByRole('complementary'));
    await sees(bashir.composer);
  });
  await report.check('what is touched is at least 40 px', async () => {
    for (const target of await page.locator('button:visible, a.row:visible').all()) {
      const box = await target.boundingBox();
      if (box !== null && box.height < 40) {
        throw new Error(`${await target.innerText()} is ${box.height} px high`);
      }
    }
  });
  await world.done(bashir);
}

async function byKeyboard(world: InboxWorld): Promise<void> {
  const { report } = world;
  report.step('A desk without a mouse');
  const ana = await world.open({ worker: 'Ana Beltrán' });
  const { page } = ana;
  const { keyboard } = page;
  const focused = () => page.locator(':focus');

  await report.check(
    'Tab reaches everything in the order it is seen, always with a visible focus',
    async () => {
      await sees(ana.row(/./));
      const seen: string[] = [];
      for (let at = 0; at < 10; at += 1) {
        await keyboard.press('Tab');
        if (!(await page.evaluate<boolean>(SHOWS_FOCUS))) {
          throw new Error(`${await focused().innerText()} shows no focus`);
        }
        seen.push((await focused().getAttribute('aria-label')) ?? (await focused().innerText()));
      }
      const order = ['Chats', 'Customers', 'Available', 'Account', 'Start a chat', 'Search chats', 'All'];
      const places = order.map((name) => seen.findIndex((text) => text.includes(name)));
      if (places.includes(-1) || places.some((place, at) => at > 0 && place < (places[at - 1] ?? 0))) {
        throw new Error(`The order is ${JSON.stringify(seen)}`);
      }
    },
  );
  await report.check('Ctrl+K finds a customer, arrows choose, Enter opens, Esc goes back', async () => {
    await keyboard.press('Control+k');
    await becomes(
      'the focus',
      () => focused().getAttribute('aria-label'),
      (label) => label === 'Search customers',
    );
    await keyboard.type('Luis Sm');
    await becomes(
      'the customers found',
      () => page.locator('.list-box:not(.list-stale) .list .row-name').allInnerTexts(),
      (names) => names.length > 0 && names.every((name) => name === 'Luis Smith'),
    );
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await sees(page.getByRole('heading', { name: 'Luis Smith' }));
    await keyboard.press('Escape');
    await seesNo(page.getByRole('heading', { name: 'Luis Smith' }));
  });
  await report.check('Alt+↓ goes from chat to chat, ? shows the shortcuts', async () => {
    await ana.goto('/chats');
    await sees(ana.row(/./));
    await keyboard.press('Alt+ArrowDown');
    await sees(ana.log);
    const first = (await ana.address()).href;
    await keyboard.press('Alt+ArrowDown');
    await becomes(
      'the address',
      async () => (await ana.address()).href,
      (url) => url !== first,
    );
    // The opened chat takes the focus.
    await page.locator('.composer:focus-within, .bar:focus-within').waitFor();
    await becomes(
      'the focus',
      async () => {
        await ana.log.focus();
        return focused().getAttribute('role');
      },
      (role) => role === 'log',
    );
    await keyboard.press('?');
    await sees(page.getByRole('dialog', { name: 'Keyboard shortcuts' }));
    await keyboard.press('Escape');
    await seesNo(page.getByRole('dialog', { name: 'Keyboard shortcuts' }));
  });
  await report.check('a chat is opened, answered with a template and closed by keys alone', async () => {
    await ana.row(/Imogen Singh/).focus();
    await keyboard.press('Enter');
    await sees(ana.composer);
    await becomes(
      'the focus',
      () => focused().getAttribute('aria-label'),
      (label) => label === 'Write a message',
    );
    await keyboard.type('/');
    await keyboard.type('edinburgh');
    await sees(page.getByRole('option', { selected: true }));
    await keyboard.press('Enter');
    await becomes(
      'the composer',
      () => ana.composer.inputValue(),
      (text) => text.startsWith('We are in Edinburgh next week'),
    );
    await keyboard.press('Enter');
    await sees(ana.message('We are in Edinburgh next week'));
    await ana.button('Close chat').focus();
    await keyboard.press('Enter');
    await becomes(
      'the focus',
      () => focused().getAttribute('aria-label'),
      (label) => label === 'Hide details',
    );
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await sees(page.getByText('This chat is closed.'));
    await becomes(
      'the focus',
      () => focused().innerText(),
      (text) => text.includes('Start a new chat'),
    );
  });
  await world.done(ana);
}
