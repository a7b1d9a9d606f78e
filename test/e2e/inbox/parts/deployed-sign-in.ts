import { findViolations } from '../axe';
import { ANA, BASHIR, DeployedSite } from '../deployed/deployed-site';
import { becomes, same, sees } from '../expect';
import { PHONE, type WorkerPage } from '../worker-page';
import type { InboxWorld } from '../world';

/** Signing in with the provider's pages, and everything that a stranger may put into the address. */
export async function deployedSignIn(world: InboxWorld): Promise<void> {
  const site = await DeployedSite.start(world);
  try {
    world.report.step('Deployed: signing in');
    await comingIn(site);
    world.report.step('Deployed: foreign answers');
    await strangersAnswers(site);
    world.report.step('Deployed: pages of the sign-in');
    await pagesOutside(site);
  } finally {
    await site.close();
  }
}

const path = ({ page }: WorkerPage) => page.url().replace(/^https?:\/\/[^/]+/u, '');

async function comingIn(site: DeployedSite): Promise<void> {
  const { world, cognito, api } = site;
  const { report } = world;
  const answers: string[] = [];
  const ana = await site.browser('/customers?q=jane#top');
  ana.page.on('request', (request) => {
    if (request.url().includes('code=')) answers.push(request.url());
  });

  await report.check(
    'a worker is led to the sign-in page, and back to the page that they opened',
    async () => {
      await site.signIn(ana, ANA);
      await becomes(
        'the address',
        () => path(ana),
        (shown) => shown === '/customers?q=jane#top',
      );
      await sees(ana.page.getByRole('heading', { name: 'Customers' }).or(ana.page.getByRole('searchbox')));
    },
  );
  await report.check('the code flow has PKCE with S256 and asks for openid and email only', () => {
    const asked = cognito.seen.find(({ route }) => route === 'GET /oauth2/authorize')?.parameters;
    const told = ['response_type', 'scope', 'code_challenge_method'].map((name) => asked?.get(name));
    same('what was asked', told, ['code', 'openid email', 'S256']);
    const redeemed = cognito.seen.find(({ route }) => route === 'POST /oauth2/token')?.parameters;
    if (!/^[\w-]{43}$/u.test(redeemed?.get('code_verifier') ?? '')) throw new Error('It has no verifier');
    same('codes redeemed', site.grants('authorization_code'), 1);
  });
  await report.check('no token is stored but the refresh token, and no code is in the address', async () => {
    await becomes(
      'requests',
      () => api.seen.length,
      (count) => count > 0,
    );
    const stored = await ana.page.evaluate<string>(
      'JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie])',
    );
    const [asked] = api.seen.map(({ token }) => token);
    if (asked === undefined || asked === '' || stored.includes(asked))
      throw new Error('An access token is stored');
    if (!stored.includes('refreshToken')) throw new Error('There is no refresh token');
    if (/code_verifier|"verifier|state=/u.test(stored))
      throw new Error(`The attempt is still stored: ${stored}`);
    same('an address with a code', (await ana.address()).href.includes('code='), false);
  });
  await report.check('a reload and another tab go on without the sign-in page', async () => {
    const before = site.grants('authorization_code');
    await ana.page.reload();
    await ana.page.getByRole('navigation').waitFor();
    const other = await ana.newTab('/chats');
    await sees(other.page.locator('.list li'));
    await other.page.close();
    same('codes redeemed', site.grants('authorization_code'), before);
  });
  await report.check(
    'an answer that is opened again is refused, and the worker stays signed in',
    async () => {
      const before = site.grants('authorization_code');
      const [answer] = answers;
      if (answer === undefined) throw new Error('There was no answer');
      await ana.page.goto(answer);
      await ana.page.getByRole('navigation').waitFor();
      same('codes redeemed', site.grants('authorization_code'), before);
      same('an address with a code', (await ana.address()).href.includes('code='), false);
    },
  );
  await report.check('an inline script does not run', async () => {
    const probe = await ana.newTab('/chats');
    await probe.page.evaluate(
      "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = true' }))",
    );
    same('what ran', await probe.page.evaluate('window.ran ?? null'), null);
    await probe.page.close();
  });
  await site.world.done(ana);
}

async function strangersAnswers(site: DeployedSite): Promise<void> {
  const { report } = site.world;
  await report.check('a foreign code is never redeemed: the sign-in starts again', async () => {
    const before = site.grants('authorization_code');
    const victim = await site.browser('/sign-in?code=stolen&state=guessed');
    await sees(victim.page.getByLabel('Email'));
    same('codes redeemed', site.grants('authorization_code'), before);
    await victim.close();
  });
  await report.check(
    'a foreign answer that comes again and again ends in a page, not in a loop',
    async () => {
      const victim = await site.browser('/sign-in?code=stolen&state=guessed');
      await sees(victim.page.getByLabel('Email'));
      await victim.page.goto(`${site.url}/sign-in?code=stolen&state=guessed`);
      await sees(victim.page.getByText('Signing in did not work.'));
      await victim.button('Try again').click();
      await site.signIn(victim, ANA);
      await site.world.done(victim);
    },
  );
  await report.check('a stranger\u2019s words in an error are not shown', async () => {
    const victim = await site.browser(
      '/sign-in?error=Call+0800+now&error_description=%3Cb%3EYour+account+is+locked%3C/b%3E&state=x',
    );
    await sees(victim.page.getByLabel('Email'));
    await victim.close();
  });
  for (const attack of [
    '//evil.example/',
    '/\\\\evil.example',
    'javascript:alert(1)',
    'https://evil.example/',
  ]) {
    await report.check(
      `a path to return to that leads elsewhere opens the start page: ${attack}`,
      async () => {
        const victim = await site.browser('/icon.svg');
        await victim.context.addInitScript(`
        if (location.pathname === '/sign-in') {
          const attempt = JSON.parse(sessionStorage.getItem('inbox.sign-in-attempt'));
          sessionStorage.setItem('inbox.sign-in-attempt', JSON.stringify({ ...attempt, returnTo: ${JSON.stringify(attack)} }));
        }`);
        await victim.page.goto(`${site.url}/chats`);
        await site.signIn(victim, ANA);
        same('the address', (await victim.address()).href, `${site.url}/`);
        await site.world.done(victim);
      },
    );
  }
}

async function pagesOutside(site: DeployedSite): Promise<void> {
  const { cognito, world } = site;
  const { report } = world;
  await report.check('the provider\u2019s refusal is said in words, with a way on', async () => {
    cognito.nextError = 'access_denied';
    const ana = await site.browser('/', PHONE);
    await sees(ana.page.getByText('Signing in did not work.'));
    await sees(ana.page.getByText('The sign-in was cancelled, or you have no access.'));
    same('violations', await findViolations(ana.page), []);
    same('the address', (await ana.address()).href, `${site.url}/`);
    await ana.button('Try again').click();
    await site.signIn(ana, ANA);
    await world.done(ana);
  });
  await report.check('a provider that cannot be reached: a page with a button, then it goes on', async () => {
    const ana = await site.withoutProvider(async () => {
      const opened = await site.browser('/chats');
      await sees(opened.page.getByText('The sign-in page cannot be reached.'));
      same('violations', await findViolations(opened.page), []);
      return opened;
    });
    await ana.button('Try again').click();
    await site.signIn(ana, ANA);
    await becomes(
      'the address',
      () => path(ana),
      (shown) => shown === '/chats',
    );
    await ana.close();
  });
  await report.check('a person without access reads so, and can sign out', async () => {
    const bashir = await site.browser('/chats');
    await world.without(BASHIR.email, BASHIR.name, async () => {
      await bashir.page.getByLabel('Email').fill(BASHIR.email);
      await bashir.page.getByLabel('Password').fill(BASHIR.password);
      await bashir.button('Sign in').click();
      await sees(bashir.page.getByText('You have no access to the inbox.'));
      await bashir.button('Sign out').click();
      await sees(bashir.page.getByText('You are signed out.'));
      same('violations', await findViolations(bashir.page), []);
    });
    await world.done(bashir);
  });
}
