import { readConfiguration } from '../../../lambdas/config';
import { credentialsCache } from '../../../lambdas/container';
import { Deadline } from '../../../lambdas/http-client/deadline';
import { changeAndPush } from '../../../lambdas/inbox/chats/push-chat';
import { openInbox } from '../../../lambdas/inbox/open-inbox';
import { parseAddress } from '../../../lambdas/phone-number/address';
import { RequestLog } from '../../../lambdas/telemetry/request-log';

const WITHIN_MS = 5_000;
const MAX_CHATS = 50;

/** Moves the customer's last message of the open chats with these addresses into the past. */
export async function letTimePass(
  { address, proxyAddress }: { readonly address: string; readonly proxyAddress: string },
  milliseconds: number,
): Promise<void> {
  const key = parseAddress(address)?.key;
  if (key === undefined) return;
  const deadline = Deadline.in(WITHIN_MS);
  const credentials = await credentialsCache().load(deadline, () => {});
  const configuration = readConfiguration(process.env);
  const inbox = openInbox({ configuration, credentials, deadline, requestLog: new RequestLog() });
  for (const { sid, isClosed, ...chat } of await inbox.chats.chatsAt(key, MAX_CHATS)) {
    if (isClosed || chat.address !== address || chat.proxyAddress !== proxyAddress) continue;
    await changeAndPush(inbox, sid, (known) => aged(known, milliseconds));
  }
}

function aged<T extends { readonly lastInboundAt: string | null }>(chat: T, milliseconds: number): T {
  if (chat.lastInboundAt === null) return chat;
  return { ...chat, lastInboundAt: new Date(Date.parse(chat.lastInboundAt) - milliseconds).toISOString() };
}
