import { parseUrl } from '../../characters/parse-url';
import { NotFoundError, UpstreamError } from '../../errors';
import type { MediaLink } from '../api';
import { confirmReader, ownRow } from '../chats/membership';
import { InboxError } from '../inbox-error';
import type { Inbox } from '../open-inbox';
import type { WorkerRecord } from '../store/worker-store';

/** The hosts that serve files for Twilio's temporary addresses (twilio.md#media). */
const MEDIA_HOST = /^media(\.[a-z0-9-]+)*\.twilio\.com$/;

/**
 * The temporary address of a file in one of the worker's chats. The browser loads it from Twilio; nothing passes
 * through here.
 */
export async function mediaLink(
  inbox: Inbox,
  { identity }: WorkerRecord,
  {
    chatSid,
    messageSid,
    mediaSid,
  }: { readonly chatSid: string; readonly messageSid: string; readonly mediaSid: string },
): Promise<MediaLink> {
  const row = await ownRow(inbox, identity, chatSid);
  await confirmReader(inbox, row);
  const { serviceSid } = row.chat;
  const api = inbox.chatApi(serviceSid);
  try {
    const message = await api.message(chatSid, messageSid);
    if (serviceSid === null || !message.media?.some(({ sid }) => sid === mediaSid)) throw noSuchFile();
    const address = await api.mediaAddress(serviceSid, mediaSid);
    return { url: checked(address, inbox.settings.mediaUrl), expiresAt: expiryOf(address) };
  } catch (error) {
    throw error instanceof NotFoundError ? noSuchFile(error) : error;
  }
}

/** @throws {UpstreamError} for an address on a host that is not Twilio's. */
function checked(address: string, mediaUrl: string): string {
  const url = parseUrl(address);
  const isFromTwilio = url?.protocol === 'https:' && MEDIA_HOST.test(url.hostname);
  // An emulator serves the files itself.
  const isFromEmulator = url?.origin === new URL(mediaUrl).origin;
  if (url === null || !(isFromTwilio || isFromEmulator)) {
    throw new UpstreamError('Twilio returned a media address on an unknown host');
  }
  return url.href;
}

/** A signed address says when it expires, in seconds. */
function expiryOf(address: string): string | null {
  const seconds = Number(new URL(address).searchParams.get('Expires') ?? '');
  return Number.isFinite(seconds) && seconds > 0 ? new Date(seconds * 1_000).toISOString() : null;
}

function noSuchFile(cause?: unknown): InboxError {
  return new InboxError('not-found', 'This file is gone.', { cause });
}
