import type { Page, Route } from 'playwright-core';
import { becomes, PATIENCE_MS, same, sees, seesNo } from '../expect';
import { DESK, PHONE } from '../worker-page';
import type { InboxWorld } from '../world';

const STRANGER = '+14155550999';
const QUESTION = 'Is <i>this</i> the shop?';

/** The customer's phone: what the customer does there, the worker sees, and the other way round. */
export async function customersPhone(world: InboxWorld): Promise<void> {
  const { report } = world;
  report.step("The customer's phone");
  const ana = await world.open({ worker: 'Ana Beltrán' });
  await report.check('a number that is taken before the customers are there stays', () => early(world));
  const { page, problems } = await openPhone(world);
  const write = async (text: string) => {
    await page.getByLabel('Write as the customer').fill(text);
    await page.keyboard.press('Enter');
  };
  const bubble = (text: string) => page.locator('.bubble').getByText(text, { exact: true });

  await report.check('an unknown number writes, and a worker answers', async () => {
    await sees(page.locator('.person[aria-pressed="true"]'));
    await takePhone(page, STRANGER);
    await write(QUESTION);
    await sees(bubble(QUESTION));
    await ana.openChat(/the shop\?/u);
    await ana.write('Yes, it is');
    await sees(bubble('Yes, it is'));
  });

  await report.check('events appear as they happen, and open to their parameters', async () => {
    await sees(page.locator('.event').filter({ hasText: 'onDeliveryUpdated' }));
    // One that stays the only one with its text while others come before it.
    const event = page
      .locator('.event.to-service', { hasText: 'onMessageAdded' })
      .filter({ hasText: QUESTION });
    await event.locator('summary').click();
    await sees(event.getByText('MessageSid', { exact: true }));
    await sees(page.locator('.event.to-twilio:not(.read)').filter({ hasText: 'Yes, it is' }));
  });

  await report.check('a picture reaches the worker', async () => {
    const { bytes, filename = 'picture.png', contentType } = world.picture;
    await page
      .getByLabel('Send a picture')
      .setInputFiles({ name: filename, mimeType: contentType, buffer: bytes });
    await sees(page.locator('.bubble img'));
    await sees(ana.page.getByRole('img', { name: filename }));
  });

  await report.check(
    'what is written to a phone that is off fails, and the phone does not show it',
    async () => {
      const isOff = page.getByText(/The phone is off/u);
      await page.getByLabel('Phone off').check();
      try {
        await sees(isOff);
        await ana.write('Are you there?');
        await sees(ana.message('Are you there?').getByText(/Not delivered/u));
      } finally {
        await page.getByLabel('Phone off').uncheck();
        await seesNo(isOff);
      }
      await ana.write('And now?');
      await sees(bubble('And now?'));
      same('the bubbles of the one before', await bubble('Are you there?').count(), 0);
    },
  );

  await report.check('STOP closes the composer, START opens it', async () => {
    await page.getByRole('button', { name: 'STOP' }).click();
    await sees(page.getByText(/Opted out/u));
    await sees(ana.page.getByText(/opted out/iu));
    await page.getByRole('button', { name: 'START' }).click();
    await sees(ana.composer);
  });

  await report.check("WhatsApp's 24 hours can pass", async () => {
    const { address, name } = world.closingSoon;
    await page.getByLabel('Find a customer').fill(name);
    await page
      .locator('.person')
      .filter({ hasText: address.replace('whatsapp:', '') })
      .click();
    await page.getByRole('button', { name: 'WhatsApp', exact: true }).click();
    await sees(page.getByText(/window is open/u));
    await page.getByRole('button', { name: 'Let 24 hours pass' }).click();
    await sees(page.getByText(/24 hours are over/u));
    await ana.goto(`/chats/${world.closingSoon.sid}`);
    await sees(ana.page.getByText(/24 hours/u));
  });

  await report.check('a narrow screen shows one part at a time', async () => {
    await page.setViewportSize({ width: PHONE.width, height: PHONE.height });
    for (const [tab, part] of [
      ['Customers', 'Customers'],
      ['Events', 'Events'],
      ['Phone', 'Phone'],
    ] as const) {
      await page.getByRole('navigation').getByRole('button', { name: tab }).click();
      await sees(page.getByRole('region', { name: part }));
      same('the parts', await page.locator('.pane:visible').count(), 1);
    }
    await becomes(
      'the width',
      () => page.evaluate<number>('document.documentElement.scrollWidth'),
      (width) => width <= PHONE.width,
    );
  });

  await report.check('the page had no errors', () => same('problems', problems, []));
  await page.close();
  await ana.close();
}

/** Takes the phone of a number while the list of customers is still on its way. */
async function early(world: InboxWorld): Promise<void> {
  const held: Route[] = [];
  const { page } = await openPhone(world, (opened) =>
    opened.route('**/phone/api/customers', (route) => void held.push(route)),
  );
  try {
    await takePhone(page, STRANGER);
    await becomes(
      'the requests for customers',
      () => held.length,
      (count) => count > 0,
    );
    for (const route of held) await route.continue();
    await sees(page.locator('.phone-number', { hasText: world.smsNumber }));
    await page.getByLabel('Find a customer').fill('');
    await sees(page.locator('.person'));
    same('whose phone it is', await page.locator('.phone-title').innerText(), STRANGER);
  } finally {
    await page.close();
  }
}

/** Takes the phone of a number that the base does not have. */
async function takePhone(page: Page, number: string): Promise<void> {
  await page.getByLabel('Find a customer').fill(number);
  await page.locator('.person').first().click();
}

async function openPhone(
  world: InboxWorld,
  prepare: (page: Page) => Promise<unknown> = async () => {},
): Promise<{ page: Page; problems: string[] }> {
  const problems: string[] = [];
  const page = await world.browser.newPage({ viewport: { width: DESK.width, height: DESK.height } });
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await prepare(page);
  await page.goto(`${world.baseUrl}/phone`);
  return { page, problems };
}
