import { equal, ok } from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { WorkerPage } from '../inbox/worker-page';
import { WORKERS } from './deployed-inbox';
import { checkOddRequests } from './odd-requests';
import { fillSignIn } from './sign-in-page';
import { EVIL } from './site-attacks';
import type { Attacked } from './token-attacks';

/** Where a link or a stored value may try to lead a worker after signing in. */
const PLACES = ['/chats//evil.example', '/chats?next=//evil.example', '/settings#javascript:alert(1)'];
const RETURN_ADDRESSES = [
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  'https://evil.example/',
  'javascript:alert(1)',
];

/** Tries to lead a worker's browser somewhere else, and to run scripts in it. */
export async function checkBrowser(attacked: Attacked): Promise<void> {
  const { report, inbox, outputs } = attacked;
  const { InboxUrl } = outputs;
  const visit = (at: string) => WorkerPage.visit(inbox.browser, InboxUrl, { at });
  await report.check('after signing in at any address, the worker is at this origin', async () => {
    for (const place of PLACES) {
      const worker = await visit(place);
      await signIn(worker.page);
      equal((await worker.address()).origin, InboxUrl, place);
      await worker.close();
    }
  });
  await report.check('a stored return address of another origin is not followed', async () => {
    for (const address of RETURN_ADDRESSES) {
      const worker = await visit('/chats');
      await changeReturnAddress(worker.page, `${InboxUrl}/none.js`, address);
      await signIn(worker.page);
      equal((await worker.address()).origin, InboxUrl, address);
      await worker.close();
    }
  });
  const worker = await visit('/chats');
  const { page } = worker;
  await signIn(page);
  await report.check('an answer that this tab did not ask for neither signs in nor out', async () => {
    for (const query of [
      'code=stolen-code&state=forged',
      'error=access_denied&error_description=<b>no</b>',
    ]) {
      await page.goto(`${InboxUrl}/sign-in?${query}`);
      await page.getByRole('navigation').waitFor({ state: 'attached' });
      const { search } = await worker.address();
      equal(search, '');
    }
  });
  await report.check('a script, a request, a picture or a frame that is put into the page does nothing', () =>
    checkInjected(page),
  );
  await checkOddRequests(attacked, worker);
  await report.check('no browser asked another host', () => {
    const hosts = new Set(inbox.internet.seen.map(({ host }) => host));
    ok(![...hosts].some((host) => host.includes('evil')), [...hosts].join(' '));
  });
  await worker.close();
  await checkProviderRedirects(attacked);
}

async function signIn(page: Page): Promise<void> {
  await fillSignIn(page, WORKERS.ana);
  await page.getByRole('navigation').waitFor({ state: 'attached' });
}

/** Changes what the app stored before it left for the sign-in page. @param other a page of the site without the app */
async function changeReturnAddress(page: Page, other: string, returnTo: string): Promise<void> {
  await page.getByLabel('Username').waitFor();
  const signInPage = page.url();
  await page.goto(other);
  const isChanged = await page.evaluate<boolean>(`{
    const attempts = Object.entries({ ...sessionStorage }).filter(([, text]) => text.includes('returnTo'));
    for (const [key, text] of attempts) {
      const changed = { ...JSON.parse(text), returnTo: ${JSON.stringify(returnTo)} };
      sessionStorage.setItem(key, JSON.stringify(changed));
    }
    attempts.length > 0;
  }`);
  ok(isChanged, 'the app stores no return address');
  await page.goto(signInPage);
}

async function checkInjected(page: Page): Promise<void> {
  await page.evaluate(`{
    const script = document.createElement('script');
    script.textContent = 'window.isTaken = true';
    document.head.append(script);
    const picture = '<img src="${EVIL}/x.png" onerror="window.isTaken = true">';
    document.body.insertAdjacentHTML('beforeend', picture + '<iframe src="${EVIL}/"></iframe>');
  }`);
  equal(await page.evaluate<boolean>(`fetch('${EVIL}/steal').then(() => true, () => false)`), false);
  const isFramed = await page.evaluate<boolean>(`new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.addEventListener('load', () => resolve((frame.contentDocument?.body.children.length ?? 0) > 0));
    frame.src = '/settings';
    document.body.append(frame);
  })`);
  equal(isFramed, false);
  equal(await page.evaluate<boolean>('window.isTaken === true'), false);
}

/** The addresses to which Cognito itself redirects. */
async function checkProviderRedirects({ report, inbox, outputs }: Attacked): Promise<void> {
  const { InboxUrl, SignInUrl, UserPoolClientId: client_id } = outputs;
  const get = async (path: string, query: Readonly<Record<string, string>>) =>
    inbox.internet.ask(SignInUrl, `${path}?${new URLSearchParams(query)}`);
  await report.check('the sign-in page redirects to no other address than the app’s', async () => {
    for (const redirect_uri of [EVIL, `${InboxUrl}.evil.example/sign-in`, `${InboxUrl}/sign-in/x`]) {
      const asked = { client_id, redirect_uri, response_type: 'code', scope: 'openid email' };
      const { status, headers } = await get('/oauth2/authorize', asked);
      equal(status, 400, redirect_uri);
      equal(headers.location, undefined);
    }
    equal((await get('/logout', { client_id, logout_uri: EVIL })).headers.location, undefined);
  });
}
