import type { Delivery, Message } from '../../lambdas/inbox/api';
import { type MessageGroup, messageKey } from '../logic/grouping';
import { linkParts } from '../logic/links';
import { clock, fullTime } from '../logic/time';
import { sendMessage } from '../state/outbox';
import { texts } from '../texts';
import { Button } from './button';
import { useComposerActions } from './composer-actions';
import { Icon } from './icon';
import { MediaItem } from './media-item';

/** Messages of one sender, with the time at the end. */
export function Group({
  group,
  stateSid,
  chatSid,
}: {
  readonly group: MessageGroup;
  /** Our message whose delivery state is shown. */
  readonly stateSid: string | null;
  readonly chatSid: string;
}) {
  const { author, messages } = group;
  const last = messages.at(-1);
  if (author.kind === 'system') return <SystemGroup messages={messages} />;
  const isOurs = author.kind !== 'customer';
  const delivery = last?.sid === stateSid ? last?.delivery : null;
  return (
    <div class={`group ${isOurs ? 'group-ours' : 'group-theirs'}`}>
      {author.kind === 'colleague' && <p class="group-author">{author.name}</p>}
      {author.kind !== 'colleague' && (
        <p class="sr-only">{author.kind === 'me' ? texts.you : `${author.name}:`}</p>
      )}
      {messages.map((message) => (
        <MessageBubble key={messageKey(message)} message={message} chatSid={chatSid} />
      ))}
      {last !== undefined && (
        <p class="group-foot">
          <time dateTime={last.sentAt} title={fullTime(Date.parse(last.sentAt))}>
            {clock(Date.parse(last.sentAt))}
          </time>
          {delivery !== null && delivery !== undefined && delivery.state !== 'failed' && (
            <DeliveryState state={delivery.state} />
          )}
        </p>
      )}
    </div>
  );
}

function SystemGroup({ messages }: { readonly messages: readonly Message[] }) {
  return (
    <>
      {messages.map((message) => (
        <p key={message.sid} class="system-line" data-key={message.sid} data-index={message.index}>
          {message.text}
        </p>
      ))}
    </>
  );
}

function MessageBubble({ message, chatSid }: { readonly message: Message; readonly chatSid: string }) {
  const isFailed = message.delivery?.state === 'failed';
  return (
    <div class="message" data-key={messageKey(message)} data-index={message.index}>
      <div class={`bubble ${isFailed ? 'bubble-failed' : ''}`}>
        {message.isTemplate && (
          <p class="bubble-kind">
            <Icon name="templates" size={14} /> {texts.template}
          </p>
        )}
        {message.media.map((media) => (
          <MediaItem key={media.sid} message={message} media={media} />
        ))}
        {message.text !== null && message.text !== '' && <MessageText text={message.text} />}
      </div>
      {isFailed && message.delivery !== null && (
        <FailureNote delivery={message.delivery} message={message} chatSid={chatSid} />
      )}
    </div>
  );
}

/** A message's text as it was written; web addresses are links. */
export function MessageText({ text }: { readonly text: string }) {
  return (
    <p class="bubble-text" dir="auto">
      {linkParts(text).map((part, at) =>
        part.href === undefined ? (
          part.text
        ) : (
          <a key={at} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
            {part.text}
          </a>
        ),
      )}
    </p>
  );
}

function DeliveryState({ state }: { readonly state: Exclude<Delivery['state'], 'failed'> }) {
  return (
    <span class={`delivery delivery-${state}`}>
      <Icon name={state === 'sent' ? 'sent' : 'delivered'} size={16} />
      {texts.deliveryState[state]}
    </span>
  );
}

function FailureNote({
  delivery,
  message,
  chatSid,
}: {
  readonly delivery: Delivery;
  readonly message: Message;
  readonly chatSid: string;
}) {
  const actions = useComposerActions();
  const { text } = message;
  const isRetry = delivery.action === 'retry' || delivery.action === 'retry-later';
  return (
    <div class="failure">
      <p>
        <Icon name="failed" size={16} />
        <span>{delivery.reason ?? texts.notDelivered}</span>
      </p>
      <div class="failure-actions">
        {isRetry && !message.isTemplate && text !== null && (
          <Button kind="quiet" onClick={() => sendMessage(chatSid, { kind: 'text', text }, text)}>
            {texts.tryAgain}
          </Button>
        )}
        {delivery.action === 'rephrase' && text !== null && (
          <Button kind="quiet" onClick={() => actions.edit(text)}>
            {texts.edit}
          </Button>
        )}
        {(delivery.action === 'template' || (isRetry && message.isTemplate)) && (
          <Button kind="quiet" onClick={actions.openTemplates}>
            {texts.useTemplate}
          </Button>
        )}
        {delivery.action === 'check-number' && (
          <Button kind="quiet" onClick={actions.openDetails}>
            {texts.checkNumber}
          </Button>
        )}
        {delivery.action === 'other-channel' && (
          <Button kind="quiet" onClick={actions.openDetails}>
            {texts.otherChannel}
          </Button>
        )}
        {delivery.code !== null && (
          <details>
            <summary>{texts.details}</summary>
            {texts.errorCode(delivery.code)}
          </details>
        )}
      </div>
    </div>
  );
}
