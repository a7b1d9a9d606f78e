import { equal, match, notEqual, ok, rejects } from 'node:assert/strict';
import { once } from 'node:events';
import { becomes, same, sees, seesNo } from '../inbox/expect';
import type { WorkerPage } from '../inbox/worker-page';
import type { Report } from '../report';
import { JANE, proxyFor } from '../team';
import { type DeployedInbox, janesPhone, STRANGER, WORKERS } from './deployed-inbox';
import { checkFirstSignIn, storageOf, storedTokens } from './first-sign-in';
import { appClient, refresh, signInByForm, type Tokens } from './hosted-sign-in';
import type { InboxOutputs } from './inbox-outputs';
import { issueTicket } from './live-attacks';
import { fillSignIn } from './sign-in-page';

const { ana: ANA, ben: BEN } = WORKERS;
const STRANGERS_TEXT = 'Who sells roses? <img src=x onerror="window.isTaken = true">';
/** What the issue allows. A machine under load may take this many times as long. */
const JOURNEY_SECONDS = 120;
const PATIENCE = 3;
/** For the queue and the function that closes sockets. */
const SOCKET_SECONDS = 60;

/** Where the journey ends. */
interface Arrival {
  readonly ana: WorkerPage;
  /** Of the removed worker, from before the removal. */
  readonly removed: Tokens;
}

interface Travellers {
  readonly ana: WorkerPage;
  readonly ben: WorkerPage;
}

/** Invites two workers and follows them through a working day. */
export async function checkJourney(
  report: Report,
  inbox: DeployedInbox,
  outputs: InboxOutputs,
): Promise<Arrival> {
  const startedAt = performance.now();
  const ana = await checkFirstSignIn(report, inbox, outputs, { ...ANA, by: 'command' });
  await checkChat(report, inbox, ana);
  const ben = await checkFirstSignIn(report, inbox, outputs, { ...BEN, by: 'e-mail' });
  await checkTransfer(report, ana, ben);
  await checkSignOut(report, inbox, outputs, ana);
  const removed = await checkRemoval(report, inbox, outputs, { ana, ben });
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  await report.check(`the journey takes ${seconds} s of ${JOURNEY_SECONDS}`, () => {
    ok(seconds <= JOURNEY_SECONDS * PATIENCE, 'far too long');
  });
  return { ana, removed };
}

/** A customer writes, the worker answers, the customer answers: all without loading the page again. */
async function checkChat(report: Report, inbox: DeployedInbox, ana: WorkerPage): Promise<void> {
  const { twilio } = inbox;
  const { page } = ana;
  await page.evaluate('window.isSamePage = true');
  const cameBySocket = (part: string) =>
    becomes(
      'what came by the socket',
      () => ana.frames,
      (frames) => frames.some((frame) => frame.includes(part)),
    );
  await report.check('a customer’s first message comes to their worker by the socket', async () => {
    await twilio.receiveMessage({ from: JANE.address, to: proxyFor(JANE), body: 'Is it still there?' });
    await ana.openChat(JANE.name);
    await sees(ana.message('Is it still there?'));
    await cameBySocket(JANE.name);
  });
  await report.check('the worker’s message goes out by Twilio', async () => {
    await ana.write('It is, come and see');
    await sees(ana.log.getByText(/^(Sent|Delivered)$/));
    await becomes(
      'the customer’s phone',
      () => janesPhone(inbox),
      (shown) => shown.includes('It is, come and see'),
    );
  });
  await report.check('the customer’s answer appears without loading the page', async () => {
    await twilio.receiveMessage({ from: JANE.address, to: proxyFor(JANE), body: 'On my way' });
    await sees(ana.message('On my way'));
    await cameBySocket('On my way');
    ok(await page.evaluate<boolean>('window.isSamePage'), 'the page was loaded again');
  });
  await report.check('after a reload the worker is still signed in, with the chat open', async () => {
    await page.reload();
    await sees(ana.message('On my way'));
  });
}

/** Hands the chat to the other worker, who is signed in as well. */
async function checkTransfer(report: Report, ana: WorkerPage, ben: WorkerPage): Promise<void> {
  await report.check('a transferred chat appears at the colleague, with all that was written', async () => {
    await ana.button('Transfer').click();
    await ana.button(new RegExp(BEN.name)).click();
    await ben.openChat(JANE.name);
    await sees(ben.message('It is, come and see'));
    await ben.write('Ben here');
    await sees(ben.log.getByText(/^(Sent|Delivered)$/).last());
    await seesNo(ana.row(JANE.name));
  });
}

/** Signs out in the middle of a draft: nothing of the worker is left in the browser. */
async function checkSignOut(
  report: Report,
  inbox: DeployedInbox,
  outputs: InboxOutputs,
  ana: WorkerPage,
): Promise<void> {
  const { page } = ana;
  const [stored] = await storedTokens(page);
  await report.check('signing out in the middle of a text leaves nothing in the browser', async () => {
    await inbox.twilio.receiveMessage({ from: STRANGER, to: proxyFor(JANE), body: STRANGERS_TEXT });
    await ana.openChat(/Who sells roses/);
    await sees(ana.message(STRANGERS_TEXT));
    same('elements of its markup', await ana.message(STRANGERS_TEXT).locator('img').count(), 0);
    await ana.composer.fill('A half-finished text');
    await becomes(
      'the stored draft',
      () => storageOf(page),
      (text) => text.includes('half-finished'),
    );
    equal(await page.evaluate<boolean>('window.isTaken === true'), false);
    await ana.goto('/settings');
    await ana.button('Sign out').click();
    await page.getByRole('button', { name: 'Sign in' }).first().waitFor();
    equal(new URL(page.url()).origin, outputs.InboxUrl);
    same('what the storage holds', await storedTokens(page), []);
    const storage = await storageOf(page);
    for (const word of ['half-finished', JANE.name, ANA.email]) ok(!storage.includes(word), storage);
  });
  await report.check('back and forward show nothing', async () => {
    for (const move of [() => page.goBack(), () => page.goBack(), () => page.goForward()]) {
      await move();
      await sees(page.getByText('You are signed out.'));
      equal(await page.getByText(JANE.name).count(), 0);
    }
  });
  await report.check('its refresh token gets no other token', async () => {
    const client = { url: outputs.SignInUrl, clientId: outputs.UserPoolClientId, redirectUri: '' };
    const { status, body } = await refresh(inbox.internet, client, stored?.token ?? '');
    equal(status, 400);
    match(body, /invalid_grant/);
  });
  await report.check('the worker signs in again', async () => {
    await page.goto(outputs.InboxUrl);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await fillSignIn(page, ANA);
    await page.getByRole('navigation').waitFor();
  });
}

/** Removes the worker who has the chat. @returns the worker's tokens from before */
async function checkRemoval(
  report: Report,
  inbox: DeployedInbox,
  outputs: InboxOutputs,
  { ana, ben }: Travellers,
): Promise<Tokens> {
  const { operator, internet } = inbox;
  const client = appClient(outputs);
  const before = await signInByForm(internet, client, BEN);
  const ticket = () => issueTicket({ inbox, outputs }, before.access_token);
  const socket = await internet.hold(await ticket());
  const unused = await ticket();
  await report.check(`npx frontline inbox remove ${BEN.email} succeeds`, async () => {
    const { status, output } = await operator.run('inbox', 'remove', BEN.email, '--yes');
    equal(status, 0, output);
  });
  await report.check('the removed worker’s page says so, without loading it', () =>
    sees(ben.page.getByText('You have no access to the inbox.')),
  );
  await report.check(
    'the removed worker’s sockets are closed, and a ticket issued before opens none',
    async () => {
      const patience = AbortSignal.timeout(SOCKET_SECONDS * 1_000);
      await Promise.race([socket.closed, once(patience, 'abort')]);
      ok(!patience.aborted, `the socket is open after ${SOCKET_SECONDS} s`);
      notEqual(await internet.upgrade(unused), 101);
    },
  );
  await report.check('the API rejects the removed worker’s token with 403', async () => {
    const headers = { authorization: `Bearer ${before.access_token}` };
    equal((await internet.ask(outputs.InboxApiUrl, '/api/chats', { headers })).status, 403);
  });
  await report.check('the sign-in rejects the removed worker', async () => {
    const { status } = await refresh(internet, client, before.refresh_token);
    equal(status, 400);
    await rejects(signInByForm(internet, client, BEN), /was not signed in/);
  });
  await report.check('npx frontline inbox list shows who has access', async () => {
    const { status, output } = await operator.run('inbox', 'list');
    equal(status, 0, output);
    match(output, new RegExp(`${ANA.email}.* active `));
    match(output, new RegExp(`${BEN.email}.* removed `));
  });
  await report.check('the removed worker’s chat is with a colleague, who goes on with it', async () => {
    await ana.goto('/chats');
    await ana.openChat(JANE.name);
    await sees(ana.message('Ben here'));
    await sees(ana.composer);
  });
  return before;
}
