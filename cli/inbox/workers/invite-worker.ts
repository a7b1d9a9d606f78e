import * as v from 'valibot';
import { printableLine, visibleLine } from '../../../lambdas/characters/visible-text';
import { Identity } from '../../../lambdas/inbox/api';
import type { WorkerRecord } from '../../../lambdas/inbox/store/worker-store';
import { parseAddress } from '../../../lambdas/phone-number/address';
import { SYSTEM_AUTHOR } from '../../../lambdas/twilio/authors';
import { UserError } from '../../../lib/user-error';
import type { ConsoleOutput } from '../../terminal/console-output';
import { quoteForShell } from '../../terminal/quote-for-shell';
import type { DeployedInbox } from '../deployed-inbox';
import { isSame } from './find-worker';
import { type PoolUser, temporaryPassword } from './user-pool';

export interface Invitation {
  /** As typed, trimmed. */
  readonly email: string;
  /** Exactly as in the customers' `owner` column. @default the record's, else the e-mail address */
  readonly identity: string | null;
  /** @default the record's, else from the e-mail address */
  readonly name: string | null;
  /** How a worker who has not signed in yet gets a password; a new user gets an e-mail unless the password is shown. */
  readonly delivery: 'email-if-new' | 'resend' | 'show-password';
}

interface InviteContext {
  readonly inbox: Pick<DeployedInbox, 'users' | 'workers' | 'url'>;
  readonly screen: ConsoleOutput;
  /** The identities in the customers' `owner` column; null where they cannot be read. */
  readonly owners: () => Promise<readonly string[] | null>;
}

/**
 * Lets a worker into the inbox: the user of the pool, and the worker's record. Parts that an earlier attempt or pool left
 * are completed.
 * @returns the exit status: 1 if the password of a worker who has signed in was to be sent or shown
 * @throws {UserError} if the identity is another worker's, or Cognito sends no e-mail
 */
export async function inviteWorker(invitation: Invitation, context: InviteContext): Promise<number> {
  const { inbox, screen } = context;
  const { email, delivery } = invitation;
  const before = await inbox.users.find(email);
  const records = await inbox.workers.list();
  const worker = await plannedWorker(invitation, before, records, inbox);
  const wanted = before === null && delivery === 'show-password' ? temporaryPassword() : null;
  const isCreated = before === null && (await inbox.users.create(email, wanted));
  if (before?.isEnabled === false) await inbox.users.enable(email);
  const password = isCreated ? wanted : null;
  const user = before ?? (await inbox.users.find(email));
  if (user === null) throw new UserError(`Cognito does not show ${email} yet: run the command again`);
  await saveWorker(worker, user, inbox);
  const { identity, name } = worker;
  screen.pass(`${printableLine(name)} is in the team: e-mail ${email}, identity ${printableLine(identity)}`);
  await warnOfIdentity(email, identity, context);
  const status = await deliver(invitation, { before, password }, context);
  screen.detail(`Sign-in: ${inbox.url}`);
  return status;
}

/** The record to write, and the records of the same person under other subjects, which it replaces. */
interface PlannedWorker extends Pick<WorkerRecord, 'identity' | 'name' | 'isAvailable'> {
  readonly replaced: readonly WorkerRecord[];
  /** The person's present record; null without one. */
  readonly former: WorkerRecord | null;
}

/** @throws {UserError} for an identity that the inbox would take for something else, or that no one can compare */
function checkIdentity(identity: string): void {
  const isOther = parseAddress(identity) !== null || identity.toLowerCase() === SYSTEM_AUTHOR;
  if (!isOther && visibleLine(identity) === identity && v.is(Identity, identity)) return;
  const reason = isOther
    ? 'messages by it would count as those of a customer or of Twilio'
    : 'it is longer than 256 characters, or has characters that cannot be seen';
  throw new UserError(
    `"${printableLine(identity)}" cannot be an identity: ${reason}. Choose another with --identity, such as the e-mail address, and write the same into the column owner`,
  );
}

async function plannedWorker(
  { email, identity: wanted, name }: Invitation,
  user: PoolUser | null,
  records: readonly WorkerRecord[],
  { users }: Pick<DeployedInbox, 'users'>,
): Promise<PlannedWorker> {
  const own = records.find(({ subject }) => subject === user?.subject) ?? null;
  if (own?.isActive && wanted !== null && wanted !== own.identity) {
    throw new UserError(
      `${email} is in the team with the identity ${own.identity}, which the open chats have. To change it, run ` +
        `npx frontline inbox remove ${quoteForShell(email)} first`,
    );
  }
  if (wanted !== null) checkIdentity(wanted);
  const text = wanted ?? own?.identity ?? email;
  const others = records.filter((record) => record !== own && isSame(record.identity, text));
  for (const other of others) {
    const holder = other.isActive ? await users.find(other.subject) : null;
    if (holder === null) continue;
    throw new UserError(
      `The identity ${other.identity} is that of ${holder.email}: choose another with --identity, or run ` +
        `npx frontline inbox remove ${quoteForShell(holder.email)} first`,
    );
  }
  const [earlier = null] = own === null ? others : [own];
  return {
    // An earlier record has the spelling of the chats.
    identity: wanted ?? earlier?.identity ?? email,
    name: visibleLine(name ?? '') ?? earlier?.name ?? nameFrom(email),
    isAvailable: earlier?.isAvailable ?? true,
    replaced: others,
    former: own,
  };
}

/** At no moment are two of the records active, because the team would show the person twice. */
async function saveWorker(
  { identity, name, isAvailable, replaced, former }: PlannedWorker,
  { subject }: PoolUser,
  { workers }: Pick<DeployedInbox, 'workers'>,
): Promise<void> {
  for (const record of replaced) await workers.setActive(record.subject, false);
  if (former !== null && former.identity !== identity) {
    // Chats go by the identity. Without a record of the old one, it would count as a worker of Frontline, and the chats
    // that it is still in would be passed on to no one.
    await workers.save({
      ...former,
      subject: `former ${former.identity}`,
      isActive: false,
      isAvailable: false,
    });
    // It is written again, because the index was built for the old one.
    await workers.delete(former.subject);
  }
  await workers.save({ subject, identity, name, isActive: true, isAvailable });
  for (const record of replaced) await workers.delete(record.subject);
}

/** "ana.lopez@example.com" is Ana Lopez. */
function nameFrom(email: string): string {
  const [local = ''] = email.split(/[@+]/);
  const words = local.split(/[._-]+/).filter((word) => word !== '');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ') || email;
}

/** Chats go by the identity, so a misspelt one gets none. */
async function warnOfIdentity(
  email: string,
  identity: string,
  { owners, screen }: InviteContext,
): Promise<void> {
  const known = await owners();
  if (known === null || known.includes(identity)) return;
  const near = known.find((owner) => isSame(owner, identity));
  screen.limited(
    near === undefined
      ? `No customer in Airtable has the owner ${printableLine(identity)}`
      : `Customers in Airtable have the owner ${printableLine(near)}, which is not ${printableLine(identity)}`,
    near === undefined
      ? 'Chats go to the owner of the customer, and names are compared exactly: write this identity into owner'
      : `Chats go to the owner of the customer, and names are compared exactly. Write this identity into owner, or change it:\nnpx frontline inbox remove ${quoteForShell(email)}\nnpx frontline inbox invite ${quoteForShell(email)} --identity ${quoteForShell(near)}`,
  );
}

/** Sends or shows the temporary password, if the worker needs one. */
async function deliver(
  { email, delivery }: Invitation,
  { before, password }: { readonly before: PoolUser | null; readonly password: string | null },
  { inbox: { users }, screen }: InviteContext,
): Promise<number> {
  if (before?.hasSignedIn) {
    if (delivery === 'email-if-new') {
      screen.detail('The password is the one that this person chose before');
      return 0;
    }
    screen.fail(
      `${email} has signed in already and has a password, so nothing was sent or shown`,
      '"Forgot your password?" on the sign-in page sends a code by e-mail',
    );
    return 1;
  }
  if (delivery === 'show-password') {
    const shown = password ?? temporaryPassword();
    if (password === null) await users.setTemporaryPassword(email, shown);
    screen.line(`\n      Temporary password: ${shown}\n`);
    screen.detail(
      'Send it to the worker over a secure channel. It is shown only once, is valid for seven days, and is replaced at the first sign-in',
    );
    return 0;
  }
  if (before === null || delivery === 'resend') {
    if (before !== null) await users.resend(email);
    screen.pass(`Cognito sends the invitation with a temporary password to ${email}`);
    return 0;
  }
  const since = before.createdAt === null ? '' : ` on ${before.createdAt.toISOString().slice(0, 10)}`;
  screen.skip(`${email} was invited${since} and has not signed in yet, so no e-mail was sent`);
  screen.detail('--resend sends the invitation again, --show-password shows a new temporary password');
  return 0;
}
