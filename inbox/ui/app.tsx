import { useEffect, useRef } from 'preact/hooks';
import { paths } from '../logic/address';
import { announcement, notice } from '../state/announcer';
import { connection } from '../state/connection';
import { customerOf, loadCustomer } from '../state/customers';
import { isShortcutListOpen } from '../state/keyboard';
import { goBack, navigate, route } from '../state/route';
import { sessionState } from '../state/session';
import { texts } from '../texts';
import { Account, Shortcuts } from './account';
import { AddCustomer } from './add-customer';
import { IconButton } from './button';
import { ChatList } from './chat-list';
import { Conversation } from './conversation';
import { CustomerFacts } from './customer-facts';
import { CustomerList } from './customer-list';
import { DetailsPane } from './details-pane';
import { Empty } from './empty';
import { NewChat } from './new-chat';
import { Rail } from './rail';
import { SignIn } from './sign-in';

export function App() {
  const session = sessionState.value;
  if (session.state !== 'signed-in') return <SignIn session={session} />;
  const current = route.value;
  const isListOnly =
    (current.page === 'chats' && current.chatSid === null) ||
    (current.page === 'customers' && current.customerId === null);
  return (
    <div class={`app ${isListOnly ? 'shows-list' : 'shows-main'}`}>
      <ConnectionBar />
      <Rail worker={session.session.worker} />
      <main class="panes">
        <Panes worker={session.session.worker} />
      </main>
      <Notices />
      <ShortcutDialog />
    </div>
  );
}

function Panes({ worker }: { readonly worker: Parameters<typeof Account>[0]['worker'] }) {
  const current = route.value;
  if (current.page === 'chats') {
    return (
      <>
        <ChatList openSid={current.chatSid} />
        {current.chatSid === null ? (
          <Placeholder title={texts.pickChat} hint={texts.pickChatHint} />
        ) : (
          <>
            <Conversation chatSid={current.chatSid} />
            <DetailsPane chatSid={current.chatSid} />
          </>
        )}
      </>
    );
  }
  if (current.page === 'account') {
    return (
      <>
        <ChatList openSid={null} />
        <Account worker={worker} />
      </>
    );
  }
  const customerId = 'customerId' in current ? current.customerId : null;
  return (
    <>
      <CustomerList openId={customerId} />
      {current.page === 'new-customer' && <AddCustomer />}
      {current.page === 'new-chat' && (
        <NewChat
          key={`${current.customerId} ${current.channel}`}
          customerId={current.customerId}
          channel={current.channel}
        />
      )}
      {current.page === 'customer-chat' && <CustomerChat id={current.customerId} />}
      {current.page === 'customers' &&
        (customerId === null ? (
          <Placeholder title={texts.pickCustomer} hint={texts.pickCustomerHint} />
        ) : (
          <CustomerPage id={customerId} />
        ))}
    </>
  );
}

function CustomerPage({ id }: { readonly id: string }) {
  useEffect(() => void loadCustomer(id), [id]);
  return (
    <section class="main-pane" aria-label={texts.customerDetails}>
      <header class="pane-head only-narrow">
        <IconButton icon="back" label={texts.back} onClick={() => goBack(paths.customers)} />
      </header>
      <div class="customer-page">
        <CustomerFacts id={id} />
      </div>
    </section>
  );
}

/** The address of a button in Airtable: goes to the worker's latest open chat, else to the customer. */
function CustomerChat({ id }: { readonly id: string }) {
  useEffect(() => void loadCustomer(id), [id]);
  const entry = customerOf(id);
  useEffect(() => {
    if (entry === undefined || entry.status === 'loading') return;
    const own = (entry.detail?.chats ?? []).filter(({ worker }) => worker?.isMe === true);
    const chat = own.find(({ state }) => state === 'open') ?? own[0];
    const sid = chat?.sid ?? null;
    navigate(sid === null ? paths.customer(id) : paths.chat(sid), { replace: true });
  }, [entry]);
  return <section class="main-pane" aria-busy="true" aria-label={texts.loading} />;
}

function Placeholder({ title, hint }: { readonly title: string; readonly hint: string }) {
  return (
    <section class="main-pane placeholder" aria-label={title}>
      <Empty icon="chats" title={title} hint={hint} />
    </section>
  );
}

function ConnectionBar() {
  const state = connection.value;
  return (
    <div class={`connection connection-${state}`} role="status">
      {state === 'offline' && texts.offline}
      {state === 'connecting' && <span>{texts.connecting}</span>}
    </div>
  );
}

function Notices() {
  const text = notice.value;
  const said = announcement.value;
  return (
    <>
      <div class="sr-only" aria-live="polite">
        <p key={said.id}>{said.text}</p>
      </div>
      {text !== null && (
        <div class="toast">
          <span>{text}</span>
          <IconButton
            icon="clear"
            label={texts.dismiss}
            onClick={() => {
              notice.value = null;
            }}
          />
        </div>
      )}
    </>
  );
}

function ShortcutDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = isShortcutListOpen.value;
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-label={texts.shortcuts}
      onClose={() => {
        isShortcutListOpen.value = false;
      }}
    >
      <div class="pane-head">
        <h2>{texts.shortcuts}</h2>
        <IconButton icon="clear" label={texts.close} onClick={() => dialog.current?.close()} />
      </div>
      <Shortcuts />
    </dialog>
  );
}
