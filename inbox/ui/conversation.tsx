import { useEffect } from 'preact/hooks';
import type { ChatDetail, ChatSummary } from '../../lambdas/inbox/api';
import { paths } from '../logic/address';
import { chatRow, unassigned } from '../state/chats';
import { addToDraft, draftOf } from '../state/drafts';
import { pendingIn } from '../state/outbox';
import { showPanel } from '../state/panel';
import { goBack } from '../state/route';
import { openThread, threadOf } from '../state/threads';
import { texts } from '../texts';
import { Avatar } from './avatar';
import { Button, IconButton } from './button';
import { ComposerActionsContext } from './composer-actions';
import { ComposerArea, usePicker } from './composer-area';
import { Empty } from './empty';
import { MessageLog } from './message-log';
import { TakeChat } from './take-chat';

/** A chat: who it is with, what was written, and where to write. */
export function Conversation({ chatSid }: { readonly chatSid: string }) {
  const thread = threadOf(chatSid);
  const picker = usePicker(chatSid);
  const open = () => void openThread(chatSid).catch(() => undefined);
  useEffect(open, [chatSid]);
  // A chat of a colleague, or without a worker, has become the worker's.
  const isMine = chatRow(chatSid) !== undefined;
  useEffect(() => {
    if (isMine && thread?.status === 'not-found') open();
  }, [isMine, chatSid]);
  const chat = chatRow(chatSid) ?? thread?.detail?.chat;
  const free = unassigned.value.chats.find(({ sid }) => sid === chatSid);

  if (free !== undefined && chatRow(chatSid) === undefined) {
    return (
      <Frame chat={free} isFree>
        <TakeChat chat={free} onTaken={open} />
      </Frame>
    );
  }
  if (thread?.status === 'not-found') {
    return (
      <Frame chat={undefined} title={texts.chatNotFound}>
        <Empty icon="lock" title={texts.chatNotFound} hint={texts.chatNotFoundHint}>
          <KeptTexts chatSid={chatSid} />
        </Empty>
      </Frame>
    );
  }
  if (thread?.status === 'failed') {
    return (
      <Frame chat={chat} title={texts.chatFailed}>
        <Empty icon="failed" title={texts.chatFailed}>
          <Button onClick={open}>{texts.tryAgain}</Button>
        </Empty>
      </Frame>
    );
  }
  return (
    <ComposerActionsContext.Provider
      value={{
        edit: (text) => addToDraft(chatSid, text),
        openTemplates: () => picker.setOpen(true),
        openDetails: () => showPanel('details'),
      }}
    >
      <Frame chat={chat}>
        {thread === undefined || thread.status === 'loading' ? (
          <LogSkeleton />
        ) : (
          <MessageLog key={chatSid} chatSid={chatSid} name={chat?.name ?? ''} thread={thread} />
        )}
        {thread?.detail !== null && thread?.detail !== undefined ? (
          <ComposerArea key={chatSid} detail={currentDetail(thread.detail, chat)} picker={picker} />
        ) : (
          <div class="composer composer-waiting" aria-hidden="true" />
        )}
      </Frame>
    </ComposerActionsContext.Provider>
  );
}

/** What was written and did not go, in a chat that is the worker's no more: it can still be copied. */
function KeptTexts({ chatSid }: { readonly chatSid: string }) {
  const kept = [...pendingIn(chatSid).map(({ text }) => text), draftOf(chatSid)].filter(
    (text) => text !== '',
  );
  if (kept.length === 0) return null;
  return (
    <section class="kept-texts" aria-label={texts.keptText}>
      <h2>{texts.keptText}</h2>
      {kept.map((text, at) => (
        <p key={at} dir="auto">
          {text}
        </p>
      ))}
    </section>
  );
}

/** The detail with the row as it is now: a chat closed elsewhere gives way to the bar at once. */
function currentDetail(detail: ChatDetail, chat: ChatSummary | undefined): ChatDetail {
  if (chat?.state !== 'closed') return detail;
  return { ...detail, chat, composer: { state: 'closed' } };
}

function Frame({
  chat,
  title = texts.loading,
  isFree = false,
  children,
}: {
  readonly chat: ChatSummary | undefined;
  /** Names the pane while the chat is not known. */
  readonly title?: string;
  /** Whether the worker can only take it. */
  readonly isFree?: boolean;
  readonly children: preact.ComponentChildren;
}) {
  return (
    <section class="main-pane conversation" aria-label={chat?.name ?? title}>
      <header class="pane-head conversation-head">
        <span class="only-narrow">
          <IconButton icon="back" label={texts.back} onClick={() => goBack(paths.chats)} />
        </span>
        {chat === undefined ? <span class="head-words" /> : <Head chat={chat} isMine={!isFree} />}
      </header>
      {children}
    </section>
  );
}

function Head({ chat, isMine }: { readonly chat: ChatSummary; readonly isMine: boolean }) {
  return (
    <>
      <button type="button" class="head-person" onClick={() => showPanel('details')}>
        <Avatar id={chat.customerId ?? chat.address} name={chat.name} />
        <span class="head-words">
          <h1 class="head-name">{chat.name}</h1>
          <span class="hint">
            {texts.channelName[chat.channel]} · {chat.address}
          </span>
        </span>
      </button>
      {isMine && chat.state === 'open' && (
        <>
          <IconButton icon="transfer" label={texts.transfer} onClick={() => showPanel('transfer')} />
          <IconButton icon="close" label={texts.closeChat} onClick={() => showPanel('close')} />
        </>
      )}
      <IconButton icon="details" label={texts.openDetails} onClick={() => showPanel('details', true)} />
    </>
  );
}

function LogSkeleton() {
  return (
    <div class="log-box" aria-hidden="true">
      <div class="log skeleton-messages">
        <span class="skeleton" />
        <span class="skeleton" />
        <span class="skeleton" />
        <span class="skeleton" />
      </div>
    </div>
  );
}
