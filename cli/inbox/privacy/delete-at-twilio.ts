import { messagesIn, type TwilioChats } from '../twilio-chats';
import type { FoundChat } from './find-chats';

/**
 * Deletes a conversation at Twilio with its messages and files. The files first, because only its messages name them.
 * @param onKept called with each file that Twilio did not delete, while its conversation is still there
 * @returns the files that Twilio still has after that
 */
export async function deleteAtTwilio(
  { sid, serviceSid }: FoundChat,
  twilio: TwilioChats,
  onKept: (mediaSid: string) => void,
): Promise<readonly string[]> {
  const kept: string[] = [];
  if (serviceSid !== null) {
    for (const mediaSid of await filesIn(sid, serviceSid, twilio)) {
      await twilio.api(serviceSid).deleteMedia(serviceSid, mediaSid);
      if (!(await twilio.api(serviceSid).hasMedia(serviceSid, mediaSid))) continue;
      onKept(mediaSid);
      kept.push(mediaSid);
    }
  }
  await twilio.api(serviceSid).remove(sid);
  const left: string[] = [];
  for (const mediaSid of kept) {
    // It may have gone with the conversation.
    const isLeft = serviceSid !== null && (await twilio.api(serviceSid).hasMedia(serviceSid, mediaSid));
    if (isLeft) left.push(mediaSid);
  }
  return left;
}

async function filesIn(sid: string, serviceSid: string, twilio: TwilioChats): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const { media } of messagesIn(sid, serviceSid, twilio)) {
    files.push(...(media?.map((file) => file.sid) ?? []));
  }
  return files;
}
