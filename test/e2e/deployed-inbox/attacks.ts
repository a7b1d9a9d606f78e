import { equal } from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { MiniStack } from '../ministack';
import type { Report } from '../report';
import { JANE } from '../team';
import { checkBrowser } from './browser-attacks';
import { type DeployedInbox, WORKERS } from './deployed-inbox';
import { appClient, refresh, signInByForm, type Tokens } from './hosted-sign-in';
import type { InboxOutputs } from './inbox-outputs';
import { checkExpiredTicket, checkTickets, issueTicket } from './live-attacks';
import { checkSite } from './site-attacks';
import { type Attacked, checkTokens } from './token-attacks';

/** A ticket lasts 30 s, and a little longer for clocks that differ. */
const TICKET_MS = 35_000;

/** Attacks the deployed inbox, in which Ana has a chat with Jane. @param removed the tokens of Ben, who was removed */
export async function checkAttacks(
  report: Report,
  inbox: DeployedInbox,
  outputs: InboxOutputs,
  cloud: MiniStack,
  removed: Tokens,
): Promise<void> {
  await report.check('a removed worker is invited back, with the password that they chose', async () => {
    const { status, output } = await inbox.operator.run('inbox', 'invite', WORKERS.ben.email);
    equal(status, 0, output);
  });
  const client = appClient(outputs);
  await report.check('the sign-in from before the removal stays ended', async () => {
    equal((await refresh(inbox.internet, client, removed.refresh_token)).status, 400);
  });
  const ana = await signInByForm(inbox.internet, client, WORKERS.ana);
  const ben = await signInByForm(inbox.internet, client, WORKERS.ben);
  const attacked: Attacked = {
    cloud,
    report,
    inbox,
    outputs,
    ana,
    ben,
    chatOfAna: chatWith(inbox, JANE.address),
  };
  const ticket = await issueTicket(attacked, ana.access_token);
  const issuedAt = performance.now();
  await checkTokens(attacked);
  await checkTickets(attacked);
  await checkSite(attacked);
  await checkBrowser(attacked);
  await delay(Math.max(0, issuedAt + TICKET_MS - performance.now()));
  await checkExpiredTicket(attacked, ticket);
}

/** The customer's latest conversation. */
function chatWith({ twilio }: DeployedInbox, address: string): string {
  const sids = twilio
    .conversations()
    .filter(({ sid }) =>
      twilio.participants(sid).some(({ messagingBinding }) => messagingBinding?.address === address),
    )
    .map(({ sid }) => sid);
  const latest = sids.at(-1);
  if (latest === undefined) throw new Error(`${address} has no conversation`);
  return latest;
}
