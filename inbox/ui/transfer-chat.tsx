import { useEffect, useState } from 'preact/hooks';
import type { ChatSummary, Colleague } from '../../lambdas/inbox/api';
import { call } from '../api/client';
import { paths } from '../logic/address';
import { fold } from '../logic/highlight';
import { showNotice } from '../state/announcer';
import { applyChats } from '../state/chats';
import { serverNow } from '../state/clock';
import { isChatOpen, navigate } from '../state/route';
import { texts } from '../texts';
import { useAction } from './action';
import { Avatar } from './avatar';
import { Button } from './button';
import { failureText } from './failure-text';

/** Passes a chat on to a colleague. */
export function TransferChat({ chat }: { readonly chat: ChatSummary }) {
  const [colleagues, setColleagues] = useState<readonly Colleague[] | null>(null);
  const { isBusy, problem, setProblem, run } = useAction(texts.transferTo);
  const [busyWith, setBusyWith] = useState<string | null>(null);
  const [query, setQuery] = useState('');

  const load = () => {
    setProblem(null);
    call('colleagues', {}).then(
      (list) => setColleagues(list.colleagues),
      (error: unknown) => setProblem(failureText(error)),
    );
  };
  useEffect(load, []);

  const transfer = ({ identity, name }: Colleague) => {
    setBusyWith(identity);
    return run(async () => {
      await call('transfer', { params: { chatSid: chat.sid }, body: { to: identity } });
      // The event of the live socket may come first: then the pane is gone.
      if (isChatOpen(chat.sid)) navigate(paths.chats, { replace: true });
      applyChats({ removed: [{ sid: chat.sid, changedAt: new Date(serverNow()).toISOString() }] });
      showNotice(texts.transferred(name));
    });
  };

  const shown = (colleagues ?? []).filter(({ name }) => fold(name).includes(fold(query.trim())));
  return (
    <div class="transfer">
      <p class="hint">{texts.transferHint}</p>
      {problem !== null && (
        <p class="notice-box notice-red" role="alert">
          {problem}
        </p>
      )}
      {colleagues === null && problem !== null && <Button onClick={load}>{texts.tryAgain}</Button>}
      {colleagues !== null && colleagues.length === 0 && <p>{texts.noColleagues}</p>}
      {colleagues !== null && colleagues.length > 5 && (
        <input
          type="search"
          class="input"
          aria-label={texts.filterColleagues}
          placeholder={texts.filterColleagues}
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
      )}
      <ul class="colleagues">
        {shown.map((colleague) => (
          <li key={colleague.identity}>
            <button
              type="button"
              class="colleague"
              disabled={isBusy}
              aria-busy={isBusy && busyWith === colleague.identity}
              onClick={() => void transfer(colleague)}
            >
              <Avatar id={colleague.identity} name={colleague.name} />
              <span class="channel-words">
                <span>{colleague.name}</span>
                <span class={`hint presence ${colleague.isAvailable ? 'presence-on' : ''}`}>
                  {colleague.isAvailable ? texts.available : texts.away}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
