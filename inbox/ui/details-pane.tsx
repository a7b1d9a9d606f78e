import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ChatSummary } from '../../lambdas/inbox/api';
import { chatRow, unassigned } from '../state/chats';
import { customerOf, loadCustomer } from '../state/customers';
import { closePanel, type Panel, panel } from '../state/panel';
import { hash } from '../state/route';
import { threadOf } from '../state/threads';
import { texts } from '../texts';
import { Avatar } from './avatar';
import { IconButton } from './button';
import { CloseChat } from './close-chat';
import { CustomerFacts } from './customer-facts';
import { Empty } from './empty';
import { useFocusReturn } from './focus-return';
import { TransferChat } from './transfer-chat';

/** Beside the conversation: who the customer is, and what can be done with the chat. */
export function DetailsPane({ chatSid }: { readonly chatSid: string }) {
  const shown = panel.value;
  const chat =
    chatRow(chatSid) ??
    threadOf(chatSid)?.detail?.chat ??
    unassigned.value.chats.find(({ sid }) => sid === chatSid);
  if (shown === null || chat === undefined) return null;
  const title = { details: texts.customerDetails, transfer: texts.transferTo, close: texts.closeChat }[shown];
  return (
    <Pane key={`${chatSid} ${shown}`} title={title} shown={shown}>
      {shown === 'details' && <ChatCustomer chat={chat} />}
      {shown === 'transfer' && <TransferChat chat={chat} />}
      {shown === 'close' && <CloseChat chat={chat} />}
    </Pane>
  );
}

function Pane({
  title,
  shown,
  children,
}: {
  readonly title: string;
  readonly shown: Panel;
  readonly children: ComponentChildren;
}) {
  const pane = useRef<HTMLElement>(null);
  useFocusReturn(pane);
  // A pane that was asked for gets the focus. On a wide screen the details are shown without being asked for.
  useEffect(() => {
    if (hash.peek() === shown) pane.current?.querySelector<HTMLElement>('button')?.focus();
  }, [shown]);
  return (
    <aside ref={pane} class="details-pane" aria-label={title}>
      <header class="pane-head">
        <h2>{title}</h2>
        <IconButton icon="clear" label={texts.closeDetails} onClick={closePanel} />
      </header>
      <div class="pane-body">{children}</div>
    </aside>
  );
}

function ChatCustomer({ chat }: { readonly chat: ChatSummary }) {
  const { customerId } = chat;
  useEffect(() => {
    if (customerId !== null) void loadCustomer(customerId);
  }, [customerId, chat.state, chat.isOptedOut]);
  const entry = customerId === null ? undefined : customerOf(customerId);
  if (customerId === null || entry?.status === 'not-found') {
    return (
      <div class="person">
        <Avatar id={chat.address} name={chat.name} size="large" />
        <p class="person-name">{chat.name}</p>
        <p class="hint">
          {texts.channelName[chat.channel]} · {chat.address}
        </p>
        <Empty title={texts.unknownCustomer} hint={texts.unknownCustomerHint} />
      </div>
    );
  }
  return <CustomerFacts id={customerId} openChatSid={chat.sid} />;
}
