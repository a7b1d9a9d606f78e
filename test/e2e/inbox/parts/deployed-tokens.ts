import { LISTEN_MS } from '../../../../inbox/sign-in/token-keeper';
import { ANA, DeployedSite } from '../deployed/deployed-site';
import { becomes, same, sees, seesNo } from '../expect';
import type { WorkerPage } from '../worker-page';
import type { InboxWorld } from '../world';

const TANYA = { name: 'Tanya Davis', number: '+13125550122' };

/** Tokens that run out, in one tab and in several. */
export async function deployedTokens(world: InboxWorld): Promise<void> {
  const site = await DeployedSite.start(world);
  try {
    world.report.step('Deployed: tokens');
    await tokens(site);
  } finally {
    await site.close();
  }
}

/** Makes the page ask the API with its token, and waits for the answer. */
async function search({ page }: WorkerPage, text: string): Promise<void> {
  await page.getByRole('link', { name: 'Customers' }).click();
  const answered = page.waitForResponse(
    (response) => response.status() === 200 && new URL(response.url()).searchParams.get('q') === text,
  );
  await page.getByRole('searchbox', { name: 'Search customers' }).fill(text);
  await answered;
}

/** A tab listens for another's token for as long as any machine needs. */
const LISTENS_LONGER = `{
  const { setTimeout } = window;
  window.setTimeout = (run, ms, ...rest) => setTimeout(run, ms === ${LISTEN_MS} ? 30_000 : ms, ...rest);
}`;
const TOKENS = '**/oauth2/token';
/** How many tabs wait until another one has asked for a new token. */
const WAITING_TABS = `navigator.locks.query().then(({ pending }) =>
  pending.filter(({ name }) => name === 'inbox-tokens').length)`;
/** Notes that a tab has told this one its new token. The app's own listener is older, so it comes first. */
const NOTE_TOKEN = `new BroadcastChannel('inbox-sign-in').addEventListener('message', ({ data }) => {
  if (data.kind === 'token') window.hasToken = true;
})`;

async function tokens(site: DeployedSite): Promise<void> {
  const { world, cognito, api } = site;
  const { report } = world;
  const ana = await site.signedIn(ANA, `/chats/${world.longChat.sid}`);
  await ana.context.addInitScript(LISTENS_LONGER);
  await ana.page.reload();
  await sees(ana.composer);

  await report.check('a token that the API rejects is replaced, and the message is sent once', async () => {
    const before = site.grants('refresh_token');
    cognito.pool.expireAccessTokens();
    await ana.write('Sent with a new token');
    await sees(ana.message('Sent with a new token'));
    const sent = () =>
      world.messagesOf(world.longChat.address).filter(({ body }) => body === 'Sent with a new token').length;
    await becomes('messages at Twilio', sent, (count) => count > 0);
    await seesNo(ana.message('Sent with a new token').getByText('Sending'));
    same('refreshes', site.grants('refresh_token'), before + 1);
    same('messages', sent(), 1);
  });
  await report.check('of two tabs one asks for a new token, and the other takes it', async () => {
    const other = await ana.newTab(`/chats/${world.longChat.sid}`);
    await sees(other.composer);
    const before = site.grants('refresh_token');
    cognito.pool.expireAccessTokens();
    const held = await holdTokens(ana);
    try {
      await Promise.all([search(ana, 'seen by one'), search(other, 'seen by the other')]);
      same('tabs that waited', held.waiting, 1);
      same('refreshes', site.grants('refresh_token'), before + 1);
      const valid = api.seen
        .map(({ token }) => token)
        .filter((token) => cognito.pool.subjectOf(token) !== null);
      same('tokens in use', new Set(valid).size, 1);
    } finally {
      await ana.context.unroute(TOKENS);
      await other.page.close();
    }
  });
  await report.check('tokens are replaced ahead of their end: the API rejects none', () => ahead(site));
  await report.check(
    'a provider that cannot be reached signs no worker out, and a message waits',
    async () => {
      await ana.goto(`/chats/${world.longChat.sid}`);
      await sees(ana.composer);
      const codes = site.grants('authorization_code');
      await site.withoutProvider(async () => {
        cognito.pool.expireAccessTokens();
        const before = api.seen.length;
        await ana.write('Written while it was down');
        await sees(ana.message('Written while it was down'));
        // The second attempt is made after the first one found no token.
        await becomes(
          'attempts',
          () => api.seen.slice(before).filter(({ target }) => /^POST .*\/messages$/u.test(target)).length,
          (count) => count >= 2,
        );
        await seesNo(ana.page.getByText('You were signed out.'));
      });
      await becomes(
        'messages at Twilio',
        () =>
          world.messagesOf(world.longChat.address).filter(({ body }) => body === 'Written while it was down')
            .length,
        (count) => count === 1,
      );
      same('codes redeemed', site.grants('authorization_code'), codes);
    },
  );
  await report.check('messages that two tabs write at the same moment are sent, each once', async () => {
    // Two chats, because tabs share the draft of one.
    await world.twilio.receiveMessage({ from: TANYA.number, body: 'I am here' });
    const other = await ana.newTab('/chats');
    await other.openChat(TANYA.name);
    await sees(other.composer);
    await ana.context.setOffline(true);
    const turns = ['first', 'second', 'third', 'fourth'].map((turn) => `At once, the ${turn}`);
    for (const text of turns) await Promise.all([ana, other].map((tab) => tab.write(text)));
    await ana.context.setOffline(false);
    const sent = (address: string) =>
      world.messagesOf(address).flatMap(({ body }) => (body?.startsWith('At once') ? [body] : []));
    for (const address of [world.longChat.address, TANYA.number]) {
      await becomes(
        'messages at Twilio',
        () => sent(address),
        (bodies) => bodies.length >= turns.length,
      );
      same('messages', sent(address), turns);
    }
    await other.page.close();
  });
  await world.done(ana);
}

/** Two tabs whose clocks, and the provider's, go on to a minute before the token's end, and then past it. */
async function ahead(site: DeployedSite): Promise<void> {
  const { cognito, api } = site;
  const one = await site.signedIn(ANA, '/chats');
  const { clock } = one.context;
  await clock.install();
  await one.page.reload();
  await one.page.getByRole('navigation').waitFor();
  const tabs = [one, await one.newTab('/chats')];
  for (const { page } of tabs) await page.evaluate(NOTE_TOKEN);
  const before = site.grants('refresh_token');
  const held = await holdTokens(one);
  const lifeMs = cognito.pool.accessSeconds * 1_000;
  try {
    site.clock.aheadMs = lifeMs - 60_000;
    // While time stands still, neither tab stops waiting for the other.
    await clock.pauseAt((await one.page.evaluate<number>('Date.now()')) + site.clock.aheadMs);
    for (const { page } of tabs) {
      await becomes(
        'whether a tab has the new token',
        () => page.evaluate<boolean>('window.hasToken === true'),
        (has) => has,
      );
    }
    await clock.resume();
    site.clock.aheadMs = lifeMs + 60_000;
    for (const tab of tabs) await search(tab, 'after the end');
    const answers = api.seen.filter(({ target }) => /[?&]q=after/u.test(target));
    same(
      'the answers',
      answers.map(({ status }) => status),
      [200, 200],
    );
    same('tabs that waited', held.waiting, 1);
    same('refreshes', site.grants('refresh_token'), before + 1);
  } finally {
    site.clock.aheadMs = 0;
    await one.close();
  }
}

/** Lets the provider answer only when another tab waits for what it answers. */
async function holdTokens({ context, page }: WorkerPage): Promise<{ waiting: number }> {
  const held = { waiting: 0 };
  await context.route(TOKENS, async (route) => {
    const ask = () => page.evaluate<number>(WAITING_TABS);
    held.waiting = await becomes('tabs that wait', ask, (count) => count > 0).catch(() => 0);
    await route.continue();
  });
  return held;
}
