import type { Worker } from '../../lambdas/inbox/api';
import { paths } from '../logic/address';
import { unreadChats } from '../state/chats';
import { route } from '../state/route';
import { texts } from '../texts';
import { changeAvailability } from './account';
import { Avatar } from './avatar';
import { Icon } from './icon';
import { Link } from './link';

/** The way between chats, customers and the account: at the left, on a phone at the bottom. */
export function Rail({ worker }: { readonly worker: Worker }) {
  const { page } = route.value;
  const isChats = page === 'chats';
  const isAccount = page === 'account';
  const unread = unreadChats.value;
  const state = worker.isAvailable ? texts.available : texts.away;
  return (
    <nav class="rail" aria-label={texts.navigation}>
      <Link to={paths.chats} class="rail-item" aria-current={isChats ? 'page' : undefined}>
        <Icon name="chats" size={24} />
        <span>{texts.chats}</span>
        {unread > 0 && (
          <span class="badge rail-badge">
            <span aria-hidden="true">{texts.unreadCount(unread)}</span>
            <span class="sr-only">{texts.unreadChats(unread)}</span>
          </span>
        )}
      </Link>
      <Link to={paths.customers} class="rail-item" aria-current={!isChats && !isAccount ? 'page' : undefined}>
        <Icon name="customers" size={24} />
        <span>{texts.customers}</span>
      </Link>
      <span class="rail-space" />
      <button
        type="button"
        class="rail-item rail-availability"
        role="switch"
        aria-checked={worker.isAvailable}
        aria-label={texts.available}
        title={worker.isAvailable ? texts.availableHint : texts.awayHint}
        onClick={() => void changeAvailability(!worker.isAvailable)}
      >
        <span class={`dot ${worker.isAvailable ? 'dot-on' : ''}`} aria-hidden="true" />
        <span aria-hidden="true">{state}</span>
      </button>
      <Link to={paths.account} class="rail-item" aria-current={isAccount ? 'page' : undefined}>
        <span class="rail-person">
          <Avatar id={worker.identity} name={worker.name} size="small" />
          <span class={`dot dot-corner ${worker.isAvailable ? 'dot-on' : ''}`} aria-hidden="true" />
        </span>
        <span>{texts.account}</span>
      </Link>
    </nav>
  );
}
