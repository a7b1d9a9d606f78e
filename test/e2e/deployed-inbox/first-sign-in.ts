import { equal, ok } from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { same } from '../inbox/expect';
import { WorkerPage } from '../inbox/worker-page';
import type { Report } from '../report';
import type { DeployedInbox } from './deployed-inbox';
import type { InboxOutputs } from './inbox-outputs';
import { chooseNewPassword, fillSignIn } from './sign-in-page';

interface Invited {
  readonly email: string;
  readonly name: string;
  /** The one that they choose. */
  readonly password: string;
  /** How they get the temporary password. */
  readonly by: 'command' | 'e-mail';
}

/** Invites a worker, and signs in with the temporary password. @returns the worker's page */
export async function checkFirstSignIn(
  report: Report,
  inbox: DeployedInbox,
  { InboxUrl }: InboxOutputs,
  { email, name, password, by }: Invited,
): Promise<WorkerPage> {
  const { operator, browser, internet } = inbox;
  let temporary = '';
  await report.check(`npx frontline inbox invite ${email} gives a temporary password by ${by}`, async () => {
    const show = by === 'command' ? ['--show-password'] : [];
    const { status, output } = await operator.run('inbox', 'invite', email, '--name', name, ...show);
    equal(status, 0, output);
    const text = by === 'command' ? output : await inbox.mails();
    if (by === 'e-mail') ok(text.includes(`Open ${InboxUrl} and`) && text.includes(email), text);
    temporary = /Temporary password: ([^\s<]+)/.exec(text)?.[1] ?? '';
    ok(temporary !== '', text);
  });
  const worker = await WorkerPage.visit(browser, InboxUrl, { at: '/customers' });
  await report.check(`${name} signs in for the first time, and is where the address said`, async () => {
    await fillSignIn(worker.page, { email, password: temporary });
    await chooseNewPassword(worker.page, password);
    await worker.page.getByRole('navigation').waitFor();
    equal((await worker.address()).href, `${InboxUrl}/customers`);
    await worker.goto('/chats');
  });
  await report.check('no token is in an address, nor in the storage but the refresh token', async () => {
    const inAddresses = internet.seen.filter(({ target }) => /eyJ/.test(target));
    same('addresses with a token', inAddresses, []);
    const stored = (await storedTokens(worker.page)).map(({ use }) => use);
    same('tokens in the storage', stored, ['refresh']);
  });
  return worker;
}

/** The tokens in the page's storage, and the kind of each. */
export async function storedTokens(page: Page): Promise<readonly StoredToken[]> {
  const found = (await storageOf(page)).match(/eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/g) ?? [];
  return found.map((token) => {
    const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    return { token, use: /"token_use": ?"(\w+)"/.exec(claims)?.[1] };
  });
}

interface StoredToken {
  readonly token: string;
  readonly use: string | undefined;
}

export function storageOf(page: Page): Promise<string> {
  return page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
}
