import { gzipSync } from 'node:zlib';
import { becomes } from '../expect';
import type { InboxWorld } from '../world';

/** Of gzipped JavaScript and CSS. */
const MOST_BYTES = 100_000;

/** What a browser loads before a worker sees anything. */
export async function firstLoad(world: InboxWorld): Promise<void> {
  const { report, browser, baseUrl } = world;
  report.step('First load');
  await report.check('is at most 100 kB of gzipped JavaScript and CSS, from the same origin', async () => {
    const page = await browser.newPage();
    const sizes: number[] = [];
    const loaded: string[] = [];
    page.on('response', async (response) => {
      loaded.push(response.url());
      if (/\.(?:js|css)$/u.test(new URL(response.url()).pathname)) {
        sizes.push(gzipSync(await response.body()).length);
      }
    });
    await page.goto(baseUrl, { waitUntil: 'load' });
    await becomes(
      'the number of files',
      () => sizes.length,
      (count) => count >= 2,
    );
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    console.log(`        ${bytes} bytes in ${sizes.length} files`);
    const strangers = loaded.filter((url) => !url.startsWith(baseUrl));
    if (bytes > MOST_BYTES || strangers.length > 0) throw new Error(`${bytes} bytes, ${strangers.join(' ')}`);
    await page.close();
  });
}
