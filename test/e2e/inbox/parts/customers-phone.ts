import type { Page } from 'playwright-core';
import { becomes, same, sees } from '../expect';
import { DESK, PHONE } from '../worker-page';
import type { InboxWorld } from '../world';

const STRANGER = '+14155550999';

/** The customer's phone: what the customer does there, the worker sees, and the other way round. */
export async function customersPhone(world: InboxWorld): Promise<void> {
  const { report } = world;
  report.step("The customer's phone");
  const ana = await world.open({ worker: 'Ana Beltrán' });
  const { page, problems } = await openPhone(world, DESK.width);
  const write = async (text: string) => {
    await page.getByLabel('Write as the customer').fill(text);
    await page.keyboard.press('Enter');
  };
  const bubble = (text: string) => page.locator('.bubble').getByText(text, { exact: true });

  await report.check('an unknown number writes, and a worker answers', async () => {
    await page.getByLabel('Find a customer').fill(STRANGER);
    await page.locator('.person').first().click();
    await write('Is <i>this</i> the shop?');
    await sees(bubble('Is <i>this</i> the shop?'));
    await ana.openChat(/the shop\?/u);
    await ana.write('Yes, it is');
    await sees(bubble('Yes, it is'));
  });

  await report.check('events appear as they happen, and open to their parameters', async () => {
    const event = page.locator('.event').filter({ hasText: 'onDeliveryUpdated' }).first();
    await event.locator('summary').click();
    await sees(event.getByText('ChannelMessageSid'));
    await sees(page.locator('.event.to-twilio').filter({ hasText: 'Yes, it is' }));
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
      await page.getByLabel('Phone off').check();
      await ana.write('Are you there?');
      await sees(ana.page.getByText(/Not delivered/u));
      same('the bubbles with it', await bubble('Are you there?').count(), 0);
      await page.getByLabel('Phone off').uncheck();
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

async function openPhone(world: InboxWorld, width: number): Promise<{ page: Page; problems: string[] }> {
  const problems: string[] = [];
  const page = await world.browser.newPage({ viewport: { width, height: DESK.height } });
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(`${world.baseUrl}/phone`);
  return { page, problems };
}
