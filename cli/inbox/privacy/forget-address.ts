import { printableLine } from '../../../lambdas/characters/visible-text';
import type { Address, CountryCode } from '../../../lambdas/phone-number/address';
import { UsageError } from '../../../lib/user-error';
import { readAddress } from '../../opt-outs/read-address';
import type { Approval } from '../../plan/apply';
import type { ConsoleOutput } from '../../terminal/console-output';
import { quoteForShell } from '../../terminal/quote-for-shell';
import type { InboxData } from '../deployed-inbox';
import type { TwilioChats } from '../twilio-chats';
import { deleteAtTwilio } from './delete-at-twilio';
import { deleteItems } from './delete-items';
import { type FoundChat, findChats } from './find-chats';
import type { KnownCustomer } from './known-customers';

export interface ForgetRequest {
  /** As typed: a number, an address in Twilio's format, or a WhatsApp user id. */
  readonly address: string;
  /** The default country of numbers without a country code. */
  readonly country: CountryCode;
  readonly inbox: InboxData;
  readonly twilio: TwilioChats;
  /** The customers with the address; null where they cannot be read. */
  readonly customers: (address: Address) => Promise<readonly KnownCustomer[] | null>;
  readonly screen: ConsoleOutput;
  readonly approval: Approval;
  /** How long open pages may take to remove a chat, in milliseconds. */
  readonly wait?: { readonly waitMs: number; readonly pollMs: number };
}

/**
 * Deletes all chats with an address, at Twilio and here. Running it again completes a deletion that was interrupted: the
 * inbox keeps a chat until everything else of it is gone.
 * @returns the exit status: 1 if something stays that should not
 * @throws {UsageError} for a text that is not an address
 */
export async function forgetAddress(request: ForgetRequest): Promise<number> {
  const { screen, approval, inbox, twilio } = request;
  const address = readAddress(request.address, request.country);
  if (address === null) {
    throw new UsageError(
      `"${printableLine(request.address)}" is not a valid address. Expected a number such as +14155550123, or a WhatsApp user id such as US.13491208655302741918`,
    );
  }
  const found = await screen.working('Looking for conversations', () => findChats(address, inbox, twilio));
  const groups = found.filter(({ atTwilio }) => atTwilio?.isGroup);
  const chats = found.filter((chat) => !groups.includes(chat));
  screen.heading(`Conversations with ${address.text}, in every spelling, by SMS and WhatsApp`);
  for (const chat of chats) screen.plan(`Delete ${describe(chat)}`);
  for (const chat of groups) {
    screen.fail(
      `${describe(chat)} has other customers too, or messages of them, so it is not deleted`,
      "Ask the other customers first, then remove this customer's participant and messages in the Twilio console",
    );
  }
  if (inbox.keptIn !== null) {
    const { account, region } = inbox.keptIn;
    screen.limited(
      `No inbox is deployed in account ${account}, region ${region}: this command works with the table ${inbox.table.table} there`,
      'If the inbox is elsewhere, set AWS_PROFILE or AWS_REGION',
    );
  }
  if (found.length === 0) screen.pass('No conversation was found');
  await explainKept(address, request);
  if (chats.length === 0) return groups.length > 0 ? 1 : 0;
  if (approval.kind === 'dry-run') return 0;
  const message = 'Delete these conversations with all messages and files permanently?';
  if (approval.kind === 'asked' && !(await approval.prompts.confirm(message))) return 1;
  const left = await deleteAll(chats, request);
  screen.pass(chats.length === 1 ? '1 conversation is deleted' : `${chats.length} conversations are deleted`);
  for (const mediaSid of left) {
    screen.fail(
      `Twilio still has the file ${mediaSid}`,
      "Ask Twilio's support to delete it: help.twilio.com",
    );
  }
  return left.length > 0 || groups.length > 0 ? 1 : 0;
}

async function deleteAll(
  chats: readonly FoundChat[],
  { screen, inbox, twilio, wait }: ForgetRequest,
): Promise<readonly string[]> {
  const left: string[] = [];
  await screen.working('Deleting', async (onProgress) => {
    for (const [index, chat] of chats.entries()) {
      onProgress(`${index + 1} of ${chats.length} at Twilio`);
      if (chat.atTwilio === null) continue;
      const onKept = (mediaSid: string) =>
        screen.line(`  … Twilio did not delete the file ${mediaSid} of ${chat.sid}`);
      left.push(...(await deleteAtTwilio(chat, twilio, onKept)));
    }
    onProgress('in the inbox');
    await deleteItems(chats, inbox, wait);
  });
  return left;
}

function describe({ sid, atTwilio }: FoundChat): string {
  if (atTwilio === null) return `what is left of ${sid}, which Twilio has deleted`;
  const since = atTwilio.createdAt === '' ? '' : `, started ${atTwilio.createdAt.slice(0, 10)}`;
  return `${sid} (${atTwilio.isClosed ? 'closed' : 'open'}${since})`;
}

async function explainKept(address: Address, { customers, screen }: ForgetRequest): Promise<void> {
  screen.line('\n  Kept, because this command does not decide about it:');
  const known = await customers(address);
  if (known === null) {
    screen.detail(
      'a record with this address in Airtable: the replica could not be read, so look for it there, and for other addresses',
    );
  }
  for (const { name, otherAddresses } of known ?? []) {
    screen.detail(`the record of ${printableLine(name)} in Airtable: delete it there`);
    for (const other of otherAddresses) {
      screen.detail(
        `the chats with this customer's other address: npx frontline inbox forget ${quoteForShell(other)}`,
      );
    }
  }
  screen.detail('opt-outs, the proof that nothing may be sent: npx frontline opt-outs list');
  screen.detail(
    "Twilio's log of single messages: https://www.twilio.com/docs/messaging/api/message-resource#delete-a-message-resource",
  );
  screen.detail(
    'conversations in a conversation service that is neither the default one nor one of these chats: Twilio console > Conversations',
  );
  screen.detail("drafts and unsent messages in workers' browsers, until they sign out");
  screen.detail('for 35 days, the backup of the inbox table; logs have SIDs, and no numbers or texts');
}
