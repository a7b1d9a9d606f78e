import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { CHAT_FILTERS, type ChatFilter, type ChatSummary } from '../../lambdas/inbox/api';
import { paths, withSearch } from '../logic/address';
import { frozenOrder } from '../logic/chat-rows';
import { matchesSearch, SEARCH_DEPTH, withoutMatch } from '../logic/chat-search';
import { chatFilter, loadChats, showFilter, shownChats, unassigned, unreadChats } from '../state/chats';
import { navigate, searchText } from '../state/route';
import { texts } from '../texts';
import { Button, IconButton } from './button';
import { ChatRow } from './chat-row';
import { Empty } from './empty';
import { SearchBox } from './search-box';
import { SkeletonRows, WindowedList } from './windowed-list';

/** The worker's chats, latest activity first. */
export function ChatList({ openSid }: { readonly openSid: string | null }) {
  const filter = chatFilter.value;
  useEffect(() => {
    void loadChats(filter);
  }, [filter]);
  return (
    <section class="list-pane" aria-label={texts.chats}>
      <header class="pane-head">
        <h1>{texts.chats}</h1>
        <WaitingRows />
        <IconButton icon="add" label={texts.startChat} onClick={() => navigate(paths.customers)} />
      </header>
      <SearchBox label={texts.searchChats} />
      <Filters />
      <Rows openSid={openSid} />
    </section>
  );
}

function Filters() {
  const shown = CHAT_FILTERS.filter(
    (filter) =>
      filter !== 'unassigned' || unassigned.value.chats.length > 0 || chatFilter.value === 'unassigned',
  );
  const amount: Readonly<Partial<Record<ChatFilter, number>>> = {
    unread: unreadChats.value,
    unassigned: unassigned.value.chats.length,
  };
  return (
    <fieldset class="filters" aria-label={texts.filters}>
      {shown.map((filter) => (
        <button
          key={filter}
          type="button"
          class="filter"
          aria-pressed={chatFilter.value === filter}
          onClick={() => {
            showFilter(filter);
          }}
        >
          {texts.filterName[filter]}
          {(amount[filter] ?? 0) > 0 && (
            <span class="filter-count">{texts.unreadCount(amount[filter] ?? 0)}</span>
          )}
        </button>
      ))}
    </fieldset>
  );
}

function Rows({ openSid }: { readonly openSid: string | null }) {
  const { status, chats, hasMore } = shownChats.value;
  const query = searchText.value;
  const filter = chatFilter.value;
  const matching = query === '' ? chats : chats.filter((chat) => matchesSearch(chat, query));
  const { rows, pointer } = useCalmOrder(matching, `${filter} ${query}`);

  if (matching.length === 0 && query !== '') return <NoMatch query={query} />;
  if (matching.length === 0 && (status === 'idle' || status === 'loading')) return <SkeletonRows />;
  if (matching.length === 0 && status === 'failed') {
    return (
      <Empty icon="failed" title={texts.listFailed}>
        <Button onClick={() => void loadChats(filter)}>{texts.tryAgain}</Button>
      </Empty>
    );
  }
  if (matching.length === 0) {
    return (
      <Empty icon="chats" title={texts.noChatsIn[filter]} hint={texts.noChatsInHint[filter]}>
        {filter === 'all' && <Button onClick={() => navigate(paths.customers)}>{texts.startChat}</Button>}
      </Empty>
    );
  }
  return (
    <div class="list-box" {...pointer}>
      <WindowedList
        rows={rows}
        current={openSid}
        keyOf={({ sid }) => sid}
        label={texts.chats}
        scrollKey={`chats ${filter} ${query}`}
        hasMore={hasMore}
        status={status}
        onMore={() => void loadChats(filter)}
        render={(chat, isTabStop) => (
          <ChatRow chat={chat} isOpen={chat.sid === openSid} isTabStop={isTabStop} />
        )}
      />
    </div>
  );
}

/** Matches may be on pages that are not loaded: loads them one by one. With some found, scrolling does. */
function NoMatch({ query }: { readonly query: string }) {
  const list = shownChats.value;
  const filter = chatFilter.value;
  const [depth, setDepth] = useState(SEARCH_DEPTH);
  const reason = withoutMatch(list, depth);
  useEffect(() => {
    if (reason === 'load-more') void loadChats(filter);
  }, [reason, filter, list.chats.length]);
  const title = {
    loading: texts.searchingChats(query),
    'load-more': texts.searchingChats(query),
    paused: texts.noChatMatchesYet(query, list.chats.length),
    failed: texts.listFailed,
    nothing: texts.noChatMatches(query),
  }[reason];
  return (
    <Empty icon={reason === 'failed' ? 'failed' : 'search'} title={title}>
      <Button onClick={() => navigate(withSearch(paths.customers, query))}>
        {texts.searchAllCustomers(query)}
      </Button>
      {reason === 'failed' && <Button onClick={() => void loadChats(filter)}>{texts.tryAgain}</Button>}
      {reason === 'paused' && (
        <Button onClick={() => setDepth(list.chats.length + SEARCH_DEPTH)}>{texts.searchOlderChats}</Button>
      )}
    </Empty>
  );
}

/** The order of the rows while a mouse is over them; null while none is. */
const frozen = signal<{ readonly list: string; readonly sids: readonly string[] } | null>(null);
/** How many rows wait for their place. */
const waitingRows = signal(0);

function release(): void {
  frozen.value = null;
}

/** Stands beside the heading, where it covers no row and moves none. */
function WaitingRows() {
  const amount = waitingRows.value;
  if (amount === 0) return null;
  return (
    <button type="button" class="waiting-rows" onClick={release}>
      ↑ {texts.rowsWaiting(amount)}
    </button>
  );
}

/**
 * Keeps the order of the rows for as long as a mouse is over them, so that none moves away from under it. Their
 * content stays current.
 */
function useCalmOrder(chats: readonly ChatSummary[], list: string) {
  const kept = frozen.value?.list === list ? frozen.value.sids : null;
  const { rows, waiting } = kept === null ? { rows: chats, waiting: 0 } : frozenOrder(chats, kept);
  useEffect(() => {
    waitingRows.value = waiting;
  }, [waiting]);
  useEffect(() => release, []);
  const hold = (event: PointerEvent) => {
    if (event.pointerType !== 'mouse' || kept !== null) return;
    frozen.value = { list, sids: chats.map(({ sid }) => sid) };
  };
  return { rows, pointer: { onPointerMove: hold, onPointerLeave: release } };
}
