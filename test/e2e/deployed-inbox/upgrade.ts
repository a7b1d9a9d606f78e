import { equal, match, notEqual, ok } from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { becomes, sees } from '../inbox/expect';
import type { WorkerPage } from '../inbox/worker-page';
import type { Report } from '../report';
import { JANE, proxyFor } from '../team';
import { type DeployedInbox, janesPhone } from './deployed-inbox';
import type { InboxOutputs } from './inbox-outputs';

/** A text of the app, before the upgrade and after it. */
const OLD_TEXT = "signOut: 'Sign out'";
const NEW_TEXT = 'Leave the inbox';

/** Deploys a changed setting and a changed app while a worker has the inbox open. */
export async function checkUpgrade(
  report: Report,
  inbox: DeployedInbox,
  { InboxUrl }: InboxOutputs,
  ana: WorkerPage,
): Promise<void> {
  const { operator, internet, twilio } = inbox;
  const { page } = ana;
  await ana.goto('/chats');
  await ana.openChat(JANE.name);
  await becomes(
    'the sockets',
    () => ana.frames.length,
    (count) => count > 0,
  );
  await page.evaluate('window.isSamePage = true');
  const oldAssets = assetsOf((await internet.ask(InboxUrl, '/')).body);

  await report.check('setup upgrades the app and the functions while a worker is signed in', async () => {
    const texts = join(operator.checkout, 'inbox/texts.ts');
    const source = readFileSync(texts, 'utf8');
    ok(source.includes(OLD_TEXT), `inbox/texts.ts has no ${OLD_TEXT}`);
    writeFileSync(texts, source.replace(OLD_TEXT, `signOut: '${NEW_TEXT}'`));
    appendFileSync(join(operator.checkout, '.env'), 'CUSTOMER_VISIBILITY=team\n');
    const { status, output } = await operator.run('setup', '--yes');
    equal(status, 0, output);
    match(output, /✓ Upload \d+ files/, output);
    await inbox.outputs();
  });
  await report.check('the open page goes on: a message comes by its socket, and one goes out', async () => {
    await twilio.receiveMessage({ from: JANE.address, to: proxyFor(JANE), body: 'Still there?' });
    await sees(ana.message('Still there?'));
    const bySocket = () => ana.frames.some((frame) => frame.includes('Still there?'));
    await becomes('whether it came by the socket', bySocket, (came) => came);
    await ana.write('Of course');
    await sees(ana.message('Of course'));
    await becomes(
      'the customer’s phone',
      () => janesPhone(inbox),
      (texts) => texts.includes('Of course'),
    );
    ok(await page.evaluate<boolean>('window.isSamePage'), 'the page was loaded again');
  });
  await report.check('the files of the open page are still there, beside those of the new one', async () => {
    const { body, headers } = await internet.ask(InboxUrl, '/');
    const newAssets = assetsOf(body);
    equal(headers['cache-control'], 'no-cache');
    notEqual(newAssets.join(), oldAssets.join());
    for (const asset of [...oldAssets, ...newAssets]) {
      const answer = await internet.ask(InboxUrl, asset);
      equal(answer.status, 200, asset);
      equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable', asset);
    }
  });
  await report.check('a reload brings the new app, and no one is signed out', async () => {
    await page.reload();
    await sees(ana.message('Of course'));
    await ana.goto('/settings');
    await sees(ana.button(NEW_TEXT));
  });
}

function assetsOf(html: string): readonly string[] {
  const assets = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
  ok(assets.length >= 2, html);
  return assets;
}
