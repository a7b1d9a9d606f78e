import { useEffect, useRef, useState } from 'preact/hooks';
import type { Channel, Content, RouteOutput, TemplateOption } from '../../lambdas/inbox/api';
import { call } from '../api/client';
import { paths } from '../logic/address';
import { fullDate } from '../logic/time';
import { showNotice } from '../state/announcer';
import { applyChats } from '../state/chats';
import { customerOf, loadCustomer } from '../state/customers';
import { addToDraft, draftOf, setDraft } from '../state/drafts';
import { settle } from '../state/outbox';
import { goBack, navigate } from '../state/route';
import { texts } from '../texts';
import { useIsShown } from './action';
import { Avatar } from './avatar';
import { Button, IconButton } from './button';
import { Composer } from './composer';
import { BarBox, usePicker } from './composer-area';
import { Empty } from './empty';
import { failureText } from './failure-text';
import { MessageText } from './message-group';
import { takeChat } from './take-chat';
import { TemplatePicker } from './template-picker';

interface NewChatProps {
  readonly customerId: string;
  readonly channel: Channel;
}
type Result = RouteOutput<'startChat'>;

/** A chat that begins with the first message. */
export function NewChat({ customerId, channel }: NewChatProps) {
  useEffect(() => void loadCustomer(customerId), [customerId]);
  const entry = customerOf(customerId);
  const name = entry?.detail?.name ?? '';
  const binding = entry?.detail?.channels.find((known) => known.channel === channel);
  const start = useStart({ customerId, channel });
  const isReachable = binding?.canStart === true;
  return (
    <section class="main-pane conversation" aria-label={texts.newChat(texts.channelName[channel])}>
      <header class="pane-head conversation-head">
        <IconButton icon="back" label={texts.back} onClick={() => goBack(paths.customer(customerId))} />
        <Avatar id={customerId} name={name} />
        <span class="head-words">
          <h1 class="head-name">{name}</h1>
          <span class="hint">
            {texts.newChat(texts.channelName[channel])}
            {binding !== undefined && ` · ${binding.address}`}
          </span>
        </span>
      </header>
      <div class="log-box">
        <div class="log new-chat-log">
          {entry?.status === 'not-found' ? (
            <Empty icon="lock" title={texts.customerNotFound} hint={texts.customerNotFoundHint} />
          ) : (
            <Empty
              icon={channel}
              title={texts.newChat(texts.channelName[channel])}
              hint={binding?.needsTemplate ? texts.newWhatsAppHint : texts.newChatHint}
            />
          )}
          {start.sending !== null && (
            <div class="group group-ours">
              <div class="bubble bubble-pending">
                <MessageText text={start.sending} />
              </div>
            </div>
          )}
        </div>
      </div>
      <Outcome start={start} />
      {entry?.detail !== null && entry?.detail !== undefined && (
        <Foot
          name={name}
          optOut={entry.detail.optOut}
          isReachable={isReachable}
          needsTemplate={binding?.needsTemplate ?? false}
          start={start}
          source={{ customerId, channel }}
        />
      )}
    </section>
  );
}

interface Start {
  readonly draftKey: string;
  /** The text on its way; null while nothing is. */
  readonly sending: string | null;
  readonly problem: string | null;
  readonly elsewhere: Extract<Result, { outcome: 'elsewhere' }> | null;
  readonly begin: (content: Content, text: string) => Promise<void>;
}

function useStart({ customerId, channel }: NewChatProps): Start {
  const draftKey = `new.${customerId}.${channel}`;
  const [sending, setSending] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [elsewhere, setElsewhere] = useState<Start['elsewhere']>(null);
  const isShown = useIsShown();
  // One id for each text: an attempt that is repeated starts one chat.
  const attempt = useRef({ text: '', startId: '' });

  const begin = async (content: Content, text: string) => {
    if (attempt.current.text !== text) attempt.current = { text, startId: crypto.randomUUID() };
    setSending(text);
    setProblem(null);
    setElsewhere(null);
    try {
      const result = await call('startChat', {
        body: { startId: attempt.current.startId, customerId, channel, content },
      });
      attempt.current = { text: '', startId: '' };
      if (result.outcome === 'elsewhere') {
        setElsewhere(result);
        keep(content, text);
        if (!isShown()) showNotice(elsewhereText(result));
      } else {
        arrive(result, content, text);
        if (isShown()) navigate(paths.chat(result.chat.sid), { replace: true });
      }
    } catch (error) {
      setProblem(failureText(error));
      keep(content, text);
      if (!isShown()) showNotice(`${texts.notSent} ${failureText(error)}`);
    } finally {
      setSending(null);
    }
  };
  /** Nothing was sent: the text stays where it was written. */
  const keep = (content: Content, text: string) => {
    if (content.kind === 'text' && draftOf(draftKey) === '') setDraft(draftKey, text);
  };
  return { draftKey, sending, problem, elsewhere, begin };
}

/** Shows the chat that was started, or the one that was already open, in the list, with its first message or a draft. */
function arrive(result: Exclude<Result, { outcome: 'elsewhere' }>, content: Content, text: string): void {
  const { chat } = result;
  applyChats({ chats: [chat] });
  if (result.outcome === 'open') {
    if (content.kind === 'text') addToDraft(chat.sid, text);
    showNotice(texts.alreadyOpen);
  } else if (result.first?.outcome === 'sent') {
    settle(result.first.message);
  } else if (result.first?.outcome === 'unknown') {
    if (content.kind === 'text') addToDraft(chat.sid, text);
    showNotice(texts.startUnknown);
  }
}

function elsewhereText({ worker }: NonNullable<Start['elsewhere']>): string {
  return worker === null ? texts.openWithoutWorker : texts.openElsewhere(worker.name);
}

function Outcome({ start: { problem, elsewhere } }: { readonly start: Start }) {
  const isShown = useIsShown();
  if (problem !== null) {
    return (
      <p class="notice-box notice-red" role="alert">
        <span>
          <strong>{texts.notSent}</strong> {problem}
        </span>
      </p>
    );
  }
  if (elsewhere === null) return null;
  const { sid } = elsewhere;
  return (
    <div class="notice-box notice-amber" role="alert">
      <span>{elsewhereText(elsewhere)}</span>
      {sid !== null && (
        <Button
          onClick={async () => {
            if ((await takeChat(sid)) && isShown()) navigate(paths.chat(sid), { replace: true });
          }}
        >
          {texts.takeChat}
        </Button>
      )}
    </div>
  );
}

interface FootProps {
  readonly name: string;
  readonly optOut: { readonly since: string | null } | null;
  readonly isReachable: boolean;
  readonly needsTemplate: boolean;
  readonly start: Start;
  readonly source: NewChatProps;
}

function Foot({ name, optOut, isReachable, needsTemplate, start, source }: FootProps) {
  const picker = usePicker(start.draftKey);
  const onTemplate = (template: TemplateOption) => {
    const text = template.preview ?? '';
    if (template.contentSid === null && !needsTemplate) addToDraft(start.draftKey, text);
    else void start.begin({ kind: 'template', templateId: template.id }, text);
  };
  if (optOut !== null) {
    const since = optOut.since === null ? null : fullDate(Date.parse(optOut.since));
    return <BarBox icon="muted" words={texts.optedOut(name, since)} hint={texts.optedOutHint} />;
  }
  if (!isReachable) return <BarBox icon="lock" words={texts.cannotStart} />;
  if (!needsTemplate) {
    return (
      <Composer
        draftKey={start.draftKey}
        templates={source}
        picker={picker}
        isBusy={start.sending !== null}
        onSend={(text) => void start.begin({ kind: 'text', text }, text)}
        onTemplate={onTemplate}
      />
    );
  }
  return (
    <div class="composer composer-open">
      <TemplatePicker
        source={source}
        onClose={() => goBack(paths.customer(source.customerId))}
        onPick={onTemplate}
      />
    </div>
  );
}
