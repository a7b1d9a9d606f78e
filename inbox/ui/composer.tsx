import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { TemplateOption } from '../../lambdas/inbox/api';
import { composerCount } from '../logic/composer-count';
import { draftOf, setDraft } from '../state/drafts';
import { settings } from '../state/settings';
import { texts } from '../texts';
import { IconButton } from './button';
import { TemplatePicker, type TemplateSource } from './template-picker';

interface ComposerProps {
  readonly draftKey: string;
  readonly templates: TemplateSource;
  readonly onSend: (text: string) => void;
  readonly onTemplate: (template: TemplateOption) => void;
  readonly isBusy?: boolean;
  /** A line above the text, such as a countdown. */
  readonly note?: ComponentChildren;
  readonly picker: PickerState;
}

/** Whether the templates are shown; shared with the buttons elsewhere that open them. */
export interface PickerState {
  readonly isOpen: boolean;
  readonly setOpen: (isOpen: boolean) => void;
}

/** Where a worker writes. What is written is kept until it is sent. */
export function Composer({
  draftKey,
  templates,
  onSend,
  onTemplate,
  isBusy = false,
  note,
  picker,
}: ComposerProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const isComposing = useSignal(false);
  const text = draftOf(draftKey);
  const { left, step } = composerCount(text);
  const isTooLong = left !== null && left < 0;
  const count = left === null ? '' : isTooLong ? texts.tooLong(-left) : texts.left(left);
  const spokenCount = useMemo(() => count, [draftKey, step]);
  const canSend = text.trim() !== '' && !isTooLong && !isBusy;

  useLayoutEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);
  useLayoutEffect(() => {
    const isElsewhere = document.activeElement?.closest('.details-pane, .search') !== null;
    if (!isTouch() && !picker.isOpen && !isElsewhere) field.current?.focus();
  }, [draftKey, picker.isOpen]);

  const send = () => {
    if (!canSend) return;
    onSend(text.trim());
    setDraft(draftKey, '');
    field.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === '/' && text === '') {
      event.preventDefault();
      picker.setOpen(true);
      return;
    }
    // While an input method is open, Enter accepts its suggestion.
    if (event.key !== 'Enter' || event.isComposing || isComposing.value || event.altKey) return;
    const wantsLine = settings.value.enterSends ? event.shiftKey : !event.shiftKey;
    if (event.ctrlKey || event.metaKey || (!wantsLine && !isTouch())) {
      event.preventDefault();
      send();
    }
  };

  return (
    <div class="composer">
      {picker.isOpen && (
        <TemplatePicker
          source={templates}
          onClose={() => picker.setOpen(false)}
          onPick={(template) => {
            picker.setOpen(false);
            onTemplate(template);
          }}
        />
      )}
      {note}
      <form
        class="composer-row"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <IconButton
          icon="templates"
          label={texts.templates}
          aria-expanded={picker.isOpen}
          onClick={() => picker.setOpen(!picker.isOpen)}
        />
        <textarea
          ref={field}
          rows={1}
          class="composer-field"
          aria-label={texts.write}
          placeholder={texts.write}
          aria-describedby="composer-count"
          enterkeyhint={isTouch() ? 'enter' : 'send'}
          dir="auto"
          value={text}
          onInput={(event) => setDraft(draftKey, event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onCompositionStart={() => {
            isComposing.value = true;
          }}
          onCompositionEnd={() => {
            isComposing.value = false;
          }}
        />
        <button type="submit" class="send" aria-label={texts.send} title={texts.send} disabled={!canSend}>
          <SendIcon />
        </button>
      </form>
      <p id="composer-count" class={`composer-count ${isTooLong ? 'composer-over' : ''}`}>
        {count}
      </p>
      <p class="sr-only" aria-live="polite">
        {spokenCount}
      </p>
    </div>
  );
}

function SendIcon() {
  return (
    <svg class="icon-filled" width="20" height="20" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d="M3.4 20.4l17.5-7.5a1 1 0 0 0 0-1.8L3.4 3.6a.7.7 0 0 0-1 .8L4.5 11l8 1-8 1-2.1 6.6a.7.7 0 0 0 1 .8z" />
    </svg>
  );
}

/** On touch, Enter breaks the line: the send button is near the thumb. */
function isTouch(): boolean {
  return matchMedia('(pointer: coarse)').matches;
}
