import type { ChatSummary } from '../../lambdas/inbox/api';
import { paths, withSearch } from '../logic/address';
import { fullTime, rowTime } from '../logic/time';
import { now } from '../state/clock';
import { draftOf } from '../state/drafts';
import { searchText } from '../state/route';
import { texts } from '../texts';
import { Avatar } from './avatar';
import { Highlight } from './highlight';
import { Icon, type IconName } from './icon';
import { Link } from './link';

interface ChatRowProps {
  readonly chat: ChatSummary;
  readonly isOpen: boolean;
  readonly isTabStop: boolean;
}

/** A chat in the list. */
export function ChatRow({ chat, isOpen, isTabStop }: ChatRowProps) {
  const at = Date.parse(chat.lastActivityAt);
  const query = searchText.value;
  return (
    <Link
      to={withSearch(paths.chat(chat.sid), query)}
      class={`row ${isOpen ? 'row-open' : ''} ${chat.unread > 0 ? 'row-unread' : ''}`}
      aria-current={isOpen ? 'page' : undefined}
      tabIndex={isTabStop ? 0 : -1}
      data-sid={chat.sid}
    >
      <Avatar id={chat.customerId ?? chat.address} name={chat.name} />
      <span class="row-words">
        <span class="row-top">
          <span class="row-name">
            <Highlight text={chat.name} query={query} />
          </span>
          <time class="row-time" dateTime={chat.lastActivityAt} title={fullTime(at)}>
            {rowTime(at, now.value)}
          </time>
        </span>
        <span class="row-bottom">
          <span class="channel-glyph" title={texts.channelName[chat.channel]}>
            <Icon name={chat.channel} size={14} />
            <span class="sr-only">{texts.channelName[chat.channel]}</span>
          </span>
          <LastLine chat={chat} isOpen={isOpen} />
          <Marks chat={chat} />
        </span>
      </span>
    </Link>
  );
}

function LastLine({
  chat: { sid, lastLine },
  isOpen,
}: {
  readonly chat: ChatSummary;
  readonly isOpen: boolean;
}) {
  const draft = isOpen ? '' : draftOf(sid).trim();
  if (draft !== '') {
    return (
      <span class="row-line">
        <span class="row-draft">{texts.draft}</span> {draft}
      </span>
    );
  }
  if (lastLine === null) return <span class="row-line">{texts.noMessages}</span>;
  const text =
    lastLine.text === '' && lastLine.media !== null ? texts.mediaLine[lastLine.media] : lastLine.text;
  if (lastLine.delivery === 'failed') {
    return (
      <span class="row-line row-failed">
        <Icon name="failed" size={14} /> {texts.deliveryState.failed}: {text}
      </span>
    );
  }
  const { kind, name } = lastLine.author;
  return (
    <span class="row-line">
      {kind === 'me' && `${texts.you} `}
      {kind === 'colleague' && `${name}: `}
      {text}
    </span>
  );
}

const MARKS = [
  ['optedOut', 'muted', texts.optedOutMark],
  ['closed', 'lock', texts.closedMark],
] as const satisfies readonly (readonly [string, IconName, string])[];

function Marks({ chat }: { readonly chat: ChatSummary }) {
  const isMarked = { optedOut: chat.isOptedOut, closed: chat.state === 'closed' };
  return (
    <span class="row-marks">
      {MARKS.map(([mark, icon, label]) =>
        isMarked[mark] ? (
          <span key={mark} class="mark-muted" title={label}>
            <Icon name={icon} size={16} />
            <span class="sr-only">{label}</span>
          </span>
        ) : null,
      )}
      {chat.unread > 0 && (
        <span class="badge">
          <span aria-hidden="true">{texts.unreadCount(chat.unread)}</span>
          <span class="sr-only">{texts.unreadLabel(chat.unread)}</span>
        </span>
      )}
    </span>
  );
}
