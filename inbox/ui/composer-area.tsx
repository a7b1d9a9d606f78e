import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChatDetail, TemplateOption } from '../../lambdas/inbox/api';
import { paths } from '../logic/address';
import { type ComposerBar, composerBar, countdown } from '../logic/composer-bar';
import { fullDate, span } from '../logic/time';
import { now } from '../state/clock';
import { addToDraft } from '../state/drafts';
import { sendMessage } from '../state/outbox';
import { navigate } from '../state/route';
import { texts } from '../texts';
import { Button } from './button';
import { Composer, type PickerState } from './composer';
import { Icon, type IconName } from './icon';
import { TemplatePicker } from './template-picker';

/** The composer of a chat, or the bar that explains why the worker cannot write. */
export function ComposerArea({
  detail,
  picker,
}: {
  readonly detail: ChatDetail;
  readonly picker: PickerState;
}) {
  const { chat, composer } = detail;
  const bar = composerBar(composer, now.value);
  const left = countdown(composer, now.value);
  const onTemplate = (template: TemplateOption) => {
    const text = template.preview ?? '';
    if (template.contentSid === null && bar === null) addToDraft(chat.sid, text);
    else sendMessage(chat.sid, { kind: 'template', templateId: template.id }, text);
  };
  if (bar !== null) return <Bar detail={detail} bar={bar} picker={picker} onTemplate={onTemplate} />;
  return (
    <Composer
      draftKey={chat.sid}
      templates={{ chatSid: chat.sid }}
      picker={picker}
      onSend={(text) => sendMessage(chat.sid, { kind: 'text', text }, text)}
      onTemplate={onTemplate}
      note={
        left !== null && (
          <p class="composer-note">
            <Icon name="clock" size={16} />
            {texts.windowCloses(span(left))}
          </p>
        )
      }
    />
  );
}

interface BarProps {
  readonly detail: ChatDetail;
  readonly bar: ComposerBar;
  readonly picker: PickerState;
  readonly onTemplate: (template: TemplateOption) => void;
}

function Bar({ detail: { chat }, bar, picker, onTemplate }: BarProps) {
  if (bar.kind === 'opted-out') {
    const since = bar.since === null ? null : fullDate(Date.parse(bar.since));
    return <BarBox icon="muted" words={texts.optedOut(chat.name, since)} hint={texts.optedOutHint} />;
  }
  if (bar.kind === 'closed') {
    const { customerId } = chat;
    return (
      <BarBox icon="lock" words={texts.chatClosed} hint={texts.chatClosedHint}>
        {customerId !== null && (
          <Button kind="primary" onClick={() => navigate(paths.newChat(customerId, chat.channel))}>
            {texts.startNewChat}
          </Button>
        )}
      </BarBox>
    );
  }
  return (
    <>
      {picker.isOpen && (
        <div class="composer">
          <TemplatePicker
            source={{ chatSid: chat.sid }}
            onClose={() => picker.setOpen(false)}
            onPick={(template) => {
              picker.setOpen(false);
              onTemplate(template);
            }}
          />
        </div>
      )}
      <BarBox
        icon="clock"
        words={bar.since === null ? texts.windowNever : texts.windowOver}
        hint={texts.windowHint}
      >
        <Button kind="primary" icon="templates" onClick={() => picker.setOpen(!picker.isOpen)}>
          {texts.chooseTemplate}
        </Button>
      </BarBox>
    </>
  );
}

/** Stands in place of the composer. Where the composer had the focus, the action gets it. */
export function BarBox({
  icon,
  words,
  hint,
  children,
}: {
  readonly icon: IconName;
  readonly words: string;
  readonly hint?: string;
  readonly children?: ComponentChildren;
}) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = box.current;
    // The composer that had the focus is gone: nothing has it now.
    if (element === null || document.activeElement !== document.body) return;
    element.tabIndex = -1;
    (element.querySelector<HTMLElement>('button') ?? element).focus();
  }, []);
  return (
    <section ref={box} class="bar" aria-label={words}>
      <Icon name={icon} />
      <div class="bar-words">
        <p role="status">{words}</p>
        {hint !== undefined && <p class="hint">{hint}</p>}
      </div>
      {children}
    </section>
  );
}

/** Whether the templates of a chat are shown; closed again when another chat is opened. */
export function usePicker(key: string): PickerState {
  const [openFor, setOpenFor] = useState<string | null>(null);
  return { isOpen: openFor === key, setOpen: (isOpen) => setOpenFor(isOpen ? key : null) };
}
