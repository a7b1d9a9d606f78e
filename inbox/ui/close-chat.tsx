import type { ChatSummary } from '../../lambdas/inbox/api';
import { call } from '../api/client';
import { showNotice } from '../state/announcer';
import { applyChats } from '../state/chats';
import { closePanel } from '../state/panel';
import { refreshDetail } from '../state/threads';
import { texts } from '../texts';
import { useAction } from './action';
import { Button } from './button';

/** Asks before a chat is closed: it cannot be opened again. */
export function CloseChat({ chat }: { readonly chat: ChatSummary }) {
  const { isBusy, problem, run, isShown } = useAction(texts.closeChat);
  const close = () =>
    run(async () => {
      applyChats({ chats: [await call('close', { params: { chatSid: chat.sid } })] });
      if (isShown()) closePanel();
      showNotice(texts.chatWasClosed);
      refreshDetail(chat.sid).catch(() => undefined);
    });
  return (
    <div class="close-chat">
      <p class="question">{texts.closeQuestion(chat.name)}</p>
      <p class="hint">{texts.closeHint}</p>
      {problem !== null && (
        <p class="notice-box notice-red" role="alert">
          {problem}
        </p>
      )}
      <div class="actions">
        <Button kind="danger" disabled={isBusy} onClick={() => void close()}>
          {texts.closeChat}
        </Button>
        <Button onClick={closePanel}>{texts.keepOpen}</Button>
      </div>
    </div>
  );
}
