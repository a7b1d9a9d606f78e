/** Makes the pictures of docs/images from the demo. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startChromium } from './chromium';

process.env['POWERTOOLS_LOG_LEVEL'] ??= 'SILENT';
process.env['POWERTOOLS_METRICS_DISABLED'] ??= 'true';

const { Report } = await import('../report');
const { sees } = await import('./expect');
const { InboxWorld } = await import('./world');
const { DESK, PHONE } = await import('./worker-page');

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'docs', 'images');

const browser = await startChromium();
const world = await InboxWorld.start(new Report(new AbortController().signal), browser);
try {
  await mkdir(FOLDER, { recursive: true });
  const desk = await world.open({ worker: 'Ana Beltrán', screen: DESK });
  // The index is built while the first list is shown.
  await sees(desk.row('Amélie Moreau'));
  await desk.openChat(/Hélène d'Estaing/);
  await desk.page.mouse.move(800, 500);
  await sees(desk.page.getByRole('img', { name: 'garden.png' }));
  await sees(desk.page.getByRole('heading', { name: 'Owner' }));
  await desk.page.waitForTimeout(500);
  await desk.page.screenshot({ path: join(FOLDER, 'inbox-desk.png') });
  const phone = await world.open({ worker: 'Ana Beltrán', screen: PHONE });
  await phone.goto(`/chats/${world.windowOver.sid}`);
  await sees(phone.button('Choose a template'));
  await phone.page.screenshot({ path: join(FOLDER, 'inbox-phone.png') });
  console.log(`Pictures are in ${FOLDER}`);
} finally {
  await world.close();
  await browser.close();
}
