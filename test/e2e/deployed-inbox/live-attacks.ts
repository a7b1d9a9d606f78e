import { equal, match, notEqual, ok } from 'node:assert/strict';
import * as v from 'valibot';
import { LiveTicket } from '../../../lambdas/inbox/api';
import type { DeployedInbox } from './deployed-inbox';
import type { InboxOutputs } from './inbox-outputs';
import type { Attacked } from './token-attacks';

/** A ticket of the token's worker, as the app asks for it. @returns the address with it */
export async function issueTicket(
  { inbox, outputs }: { readonly inbox: DeployedInbox; readonly outputs: InboxOutputs },
  accessToken: string,
): Promise<string> {
  const headers = { authorization: `Bearer ${accessToken}` };
  const asked = { method: 'POST', headers };
  const { body } = await inbox.internet.ask(outputs.InboxApiUrl, '/api/live-tickets', asked);
  return v.parse(LiveTicket, JSON.parse(body)).url;
}

/** Connects with every kind of ticket that must not open the socket. */
export async function checkTickets(attacked: Attacked): Promise<void> {
  const { report, inbox, outputs, ana } = attacked;
  await report.check('a ticket opens one socket, and no second one', async () => {
    const url = await issueTicket(attacked, ana.access_token);
    match(url, new RegExp(`^${outputs.LiveUrl}\\?ticket=[^&]{20,}$`));
    ok(!url.includes(ana.access_token.slice(0, 40)), 'the ticket is a token');
    equal(await inbox.internet.upgrade(url), 101);
    notEqual(await inbox.internet.upgrade(url), 101);
  });
  await report.check('of many who use a ticket at once, one gets in', async () => {
    const url = await issueTicket(attacked, ana.access_token);
    const statuses = await Promise.all(Array.from({ length: 5 }, () => inbox.internet.upgrade(url)));
    equal(statuses.filter((status) => status === 101).length, 1, String(statuses));
  });
  const good = new URL(await issueTicket(attacked, ana.access_token)).searchParams.get('ticket') ?? '';
  const forged = {
    'no ticket': '',
    'an empty ticket': '?ticket=',
    'an invented ticket': `?ticket=${'A'.repeat(good.length)}`,
    'a changed ticket': `?ticket=${encodeURIComponent(`${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`)}`,
    'a ticket with something behind it': `?ticket=${encodeURIComponent(`${good}x`)}`,
    'an access token': `?ticket=${ana.access_token}`,
    'a very long ticket': `?ticket=${'A'.repeat(7_000)}`,
  };
  for (const [what, query] of Object.entries(forged)) {
    await report.check(`${what} opens no socket`, async () => {
      notEqual(await inbox.internet.upgrade(`${outputs.LiveUrl}${query}`), 101);
    });
  }
  await report.check('the token itself opens no socket', async () => {
    const headers = { authorization: `Bearer ${ana.access_token}` };
    notEqual(await inbox.internet.upgrade(outputs.LiveUrl, headers), 101);
  });
}

/** @param url a ticket's, issued 30 seconds ago or more */
export async function checkExpiredTicket({ report, inbox }: Attacked, url: string): Promise<void> {
  await report.check('after 30 seconds a ticket opens no socket', async () => {
    notEqual(await inbox.internet.upgrade(url), 101);
  });
}
