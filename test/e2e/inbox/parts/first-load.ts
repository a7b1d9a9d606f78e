import { gzipSync } from 'node:zlib';
import type { Response } from 'playwright-core';
import { sees } from '../expect';
import type { InboxWorld } from '../world';

/** Of gzipped JavaScript and CSS. */
const MAX_BYTES = 100_000;

/** What a browser loads before a worker sees anything. */
export async function firstLoad(world: InboxWorld): Promise<void> {
  const { report, browser, baseUrl } = world;
  report.step('First load');
  await report.check('is at most 100 kB of gzipped JavaScript and CSS, from the same origin', async () => {
    const page = await browser.newPage();
    const loaded: Response[] = [];
    page.on('response', (response) => loaded.push(response));
    await page.goto(baseUrl);
    await sees(page.getByRole('button', { name: 'Ana Beltrán' }));
    await page.waitForLoadState('networkidle');
    const files = loaded.filter((response) => /\.(?:js|css)$/u.test(new URL(response.url()).pathname));
    const sizes = await Promise.all(files.map(async (file) => gzipSync(await file.body()).length));
    if (sizes.length < 2) throw new Error(`Only ${sizes.length} files came`);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    report.note(`${bytes} bytes in ${sizes.length} files`);
    const strangers = loaded.map((response) => response.url()).filter((url) => !url.startsWith(baseUrl));
    if (bytes > MAX_BYTES || strangers.length > 0) throw new Error(`${bytes} bytes, ${strangers.join(' ')}`);
    await page.close();
  });
}
