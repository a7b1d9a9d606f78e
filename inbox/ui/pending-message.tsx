import type { Outgoing } from '../logic/outbox';
import { connection } from '../state/connection';
import { discard, sendAgain } from '../state/outbox';
import { texts } from '../texts';
import { Button } from './button';
import { useComposerActions } from './composer-actions';
import { Icon } from './icon';
import { MessageText } from './message-group';

/** Messages that are on their way, or did not get there. */
export function PendingMessages({
  pending,
}: {
  readonly pending: readonly Outgoing[];
  readonly chatSid: string;
}) {
  if (pending.length === 0) return null;
  return (
    <div class="group group-ours">
      {pending.map((entry) => (
        <PendingMessage key={entry.sendId} entry={entry} />
      ))}
    </div>
  );
}

function PendingMessage({ entry }: { readonly entry: Outgoing }) {
  const hasFailed = entry.state === 'failed' || entry.state === 'unknown';
  return (
    <div class="message" data-key={entry.sendId}>
      <div class={`bubble ${entry.state === 'failed' ? 'bubble-failed' : 'bubble-pending'}`}>
        {entry.content.kind === 'template' && (
          <p class="bubble-kind">
            <Icon name="templates" size={14} /> {texts.template}
          </p>
        )}
        <MessageText text={entry.text} />
      </div>
      {hasFailed ? <Trouble entry={entry} /> : <Progress entry={entry} />}
    </div>
  );
}

function Progress({ entry }: { readonly entry: Outgoing }) {
  const isWaiting = entry.state === 'waiting' && connection.value !== 'live';
  return (
    <p class="group-foot">
      <span class="delivery">
        <Icon name="clock" size={16} />
        {isWaiting ? texts.waiting : texts.sending}
      </span>
    </p>
  );
}

function Trouble({ entry }: { readonly entry: Outgoing }) {
  const actions = useComposerActions();
  const isUnknown = entry.state === 'unknown';
  const edit = () => {
    discard(entry.sendId);
    actions.edit(entry.text);
  };
  return (
    <div class={`failure ${isUnknown ? 'failure-unknown' : ''}`}>
      <p>
        <Icon name="failed" size={16} />
        <span>
          <strong>{isUnknown ? texts.perhapsNotSent : texts.notSent}</strong>{' '}
          {isUnknown ? texts.perhapsNotSentHint : (entry.reason ?? texts.somethingWrong)}
        </span>
      </p>
      <div class="failure-actions">
        {canTryAgain(entry) && (
          <Button kind="quiet" onClick={() => sendAgain(entry)}>
            {isUnknown ? texts.sendAgain : texts.tryAgain}
          </Button>
        )}
        {entry.error === 'window-closed' && (
          <Button kind="quiet" onClick={actions.openTemplates}>
            {texts.useTemplate}
          </Button>
        )}
        {entry.content.kind === 'text' && !isUnknown && (
          <Button kind="quiet" onClick={edit}>
            {texts.edit}
          </Button>
        )}
        <Button kind="quiet" onClick={() => discard(entry.sendId)}>
          {isUnknown ? texts.wasSent : texts.discard}
        </Button>
        {entry.code !== null && (
          <details>
            <summary>{texts.details}</summary>
            {texts.errorCode(entry.code)}
          </details>
        )}
      </div>
    </div>
  );
}

/** Whether the same message may pass without a change; else it is edited, or a template is taken. */
function canTryAgain({ error }: Outgoing): boolean {
  return !['window-closed', 'refused', 'opted-out', 'chat-closed', 'not-found', 'bad-request'].includes(
    error ?? '',
  );
}
