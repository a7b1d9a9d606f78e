import { useSignal } from '@preact/signals';
import type { ChatSummary } from '../../lambdas/inbox/api';
import { ApiError, call } from '../api/client';
import { showNotice } from '../state/announcer';
import { loadChats } from '../state/chats';
import { takeDetail } from '../state/threads';
import { texts } from '../texts';
import { Button } from './button';
import { Empty } from './empty';
import { failureText } from './failure-text';

/** Stands for a chat without an active worker: it can be read once it is taken. */
export function TakeChat({
  chat,
  onTaken,
}: {
  readonly chat: Pick<ChatSummary, 'sid'>;
  readonly onTaken: () => void;
}) {
  const isBusy = useSignal(false);
  return (
    <Empty icon="chats" title={texts.takeChatHint}>
      <Button
        kind="primary"
        disabled={isBusy.value}
        onClick={async () => {
          isBusy.value = true;
          if (await takeChat(chat.sid)) onTaken();
          isBusy.value = false;
        }}
      >
        {texts.takeChat}
      </Button>
    </Empty>
  );
}

/** Takes a chat. @returns whether it is the worker's now; else a notice says why not */
export async function takeChat(sid: string): Promise<boolean> {
  try {
    takeDetail(sid, await call('take', { params: { chatSid: sid } }));
    void loadChats('unassigned');
    return true;
  } catch (error) {
    showNotice(error instanceof ApiError && error.code === 'taken' ? texts.taken : failureText(error));
    void loadChats('unassigned');
    return false;
  }
}
