import type { ComponentChildren } from 'preact';
import type { Channel, CustomerDetail, OtherChat } from '../../lambdas/inbox/api';
import { paths } from '../logic/address';
import { webAddress } from '../logic/links';
import { fullDate, rowTime } from '../logic/time';
import { now } from '../state/clock';
import { customerOf, loadCustomer } from '../state/customers';
import { navigate } from '../state/route';
import { texts } from '../texts';
import { useIsShown } from './action';
import { Avatar } from './avatar';
import { Button } from './button';
import { Empty } from './empty';
import { Icon } from './icon';
import { Link } from './link';
import { takeChat } from './take-chat';

interface CustomerFactsProps {
  readonly id: string;
  /** The chat beside which the facts stand; it is not listed again. */
  readonly openChatSid?: string;
}

/** What the team knows about a customer, and the ways to write. */
export function CustomerFacts({ id, openChatSid }: CustomerFactsProps) {
  const entry = customerOf(id);
  if (entry?.status === 'not-found') {
    return <Empty icon="lock" title={texts.customerNotFound} hint={texts.customerNotFoundHint} />;
  }
  if (entry?.status === 'failed') {
    return (
      <Empty icon="failed" title={texts.detailsFailed}>
        <Button onClick={() => void loadCustomer(id)}>{texts.tryAgain}</Button>
      </Empty>
    );
  }
  if (entry === undefined || entry.detail === null) return <FactsSkeleton />;
  return <Facts key={id} customer={entry.detail} openChatSid={openChatSid} />;
}

function Facts({
  customer,
  openChatSid,
}: {
  readonly customer: CustomerDetail;
  readonly openChatSid: string | undefined;
}) {
  const { optOut, notes, owner, airtableUrl } = customer;
  const links = customer.links.filter(({ url }) => isSafe(url));
  const chats = customer.chats.filter(({ sid }) => sid === null || sid !== openChatSid);
  return (
    <div class="facts">
      <div class="person">
        <Avatar id={customer.id} name={customer.name} size="large" />
        {openChatSid === undefined ? (
          <h1 class="person-name">{customer.name}</h1>
        ) : (
          <p class="person-name">{customer.name}</p>
        )}
      </div>
      {optOut !== null && (
        <p class="notice-box notice-amber">
          <Icon name="muted" />
          <span>
            <strong>{texts.optOutHeading}</strong>{' '}
            {optOut.since === null
              ? texts.optOutByHand
              : texts.optOutSince(fullDate(Date.parse(optOut.since)))}
          </span>
        </p>
      )}
      <Channels customer={customer} />
      {links.length > 0 && (
        <Fact heading={texts.linksHeading}>
          <ul class="links">
            {links.map(({ label, url }) => (
              <li key={url}>
                <a href={url} target="_blank" rel="noopener noreferrer nofollow">
                  {label}
                </a>
              </li>
            ))}
          </ul>
        </Fact>
      )}
      {notes !== null && (
        <Fact heading={texts.notesHeading}>
          <p class="notes" dir="auto">
            {notes}
          </p>
        </Fact>
      )}
      <Fact heading={texts.ownerHeading}>
        <p>{owner === null ? texts.noOwner : owner.isMe ? texts.ownerMe : owner.name}</p>
      </Fact>
      <Fact heading={openChatSid === undefined ? texts.chatsHeading : texts.otherChatsHeading}>
        {chats.length === 0 && <p class="hint">{texts.noOtherChats}</p>}
        <ul class="chats-of">
          {chats.map((chat, at) => (
            <li key={chat.sid ?? at}>
              <ChatOf chat={chat} customerId={customer.id} />
            </li>
          ))}
        </ul>
      </Fact>
      {airtableUrl !== null && isSafe(airtableUrl) && (
        <a class="button button-plain" href={airtableUrl} target="_blank" rel="noopener noreferrer">
          <Icon name="external" />
          <span>{texts.openInAirtable}</span>
        </a>
      )}
    </div>
  );
}

function Channels({ customer }: { readonly customer: CustomerDetail }) {
  return (
    <Fact heading={texts.channelsHeading}>
      <ul class="channels">
        {customer.channels.map(({ channel, address, canStart }) => (
          <li key={channel}>
            <Icon name={channel} />
            <span class="channel-words">
              <span>{texts.channelName[channel]}</span>
              <span class="hint">{address}</span>
            </span>
            {canStart ? (
              <Button
                aria-label={texts.writeBy(texts.channelName[channel])}
                onClick={() => navigate(writingPath(customer, channel))}
                disabled={customer.optOut !== null}
              >
                {texts.writeShort}
              </Button>
            ) : (
              <span class="hint">{texts.channelWithoutNumber(texts.channelName[channel])}</span>
            )}
          </li>
        ))}
      </ul>
    </Fact>
  );
}

/** The worker's open chat on the channel, else a new one. */
function writingPath({ id, chats }: CustomerDetail, channel: Channel): string {
  const open = chats.find(
    (chat) => chat.channel === channel && chat.state === 'open' && chat.worker?.isMe === true,
  );
  const sid = open?.sid ?? null;
  return sid === null ? paths.newChat(id, channel) : paths.chat(sid);
}

function ChatOf({ chat, customerId }: { readonly chat: OtherChat; readonly customerId: string }) {
  const { sid, channel, state, worker, lastActivityAt, canTake } = chat;
  const isShown = useIsShown();
  const words = (
    <>
      <Icon name={channel} size={16} />
      <span class="channel-words">
        <span>{texts.chatOf(texts.channelName[channel], state === 'open')}</span>
        <span class="hint">
          {worker === null ? texts.withoutWorker : worker.isMe ? texts.withMe : texts.withWorker(worker.name)}
          {' · '}
          {rowTime(Date.parse(lastActivityAt), now.value)}
        </span>
      </span>
    </>
  );
  if (sid !== null && canTake) {
    const take = async () => {
      if (!(await takeChat(sid))) await loadCustomer(customerId);
      else if (isShown()) navigate(paths.chat(sid));
    };
    return (
      <div class="chat-of">
        {words}
        <Button onClick={() => void take()}>{texts.takeChat}</Button>
      </div>
    );
  }
  if (sid === null) return <div class="chat-of">{words}</div>;
  return (
    <Link to={paths.chat(sid)} class="chat-of chat-of-link">
      {words}
    </Link>
  );
}

function Fact({ heading, children }: { readonly heading: string; readonly children: ComponentChildren }) {
  return (
    <section class="fact">
      <h2>{heading}</h2>
      {children}
    </section>
  );
}

function FactsSkeleton() {
  return (
    <div class="facts" aria-hidden="true">
      <div class="person">
        <span class="skeleton skeleton-large" />
        <span class="skeleton skeleton-line" />
      </div>
      <span class="skeleton skeleton-block" />
      <span class="skeleton skeleton-block" />
    </div>
  );
}

/** The server sends https and mailto only; nothing else becomes a link here either. */
function isSafe(url: string): boolean {
  return url.startsWith('mailto:') || webAddress(url) !== null;
}
