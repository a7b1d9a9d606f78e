import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Channel, TemplateOption } from '../../lambdas/inbox/api';
import { call } from '../api/client';
import { fold } from '../logic/highlight';
import { type TemplateGroup, templateGroups } from '../logic/template-groups';
import { texts } from '../texts';
import { Button, IconButton } from './button';
import { useFocusReturn } from './focus-return';

/** The chat or customer that templates are filled for. */
export type TemplateSource =
  | { readonly chatSid: string }
  | { readonly customerId: string; readonly channel: Channel };

interface TemplatePickerProps {
  readonly source: TemplateSource;
  readonly onPick: (template: TemplateOption) => void;
  readonly onClose: () => void;
}

type Loaded = readonly TemplateOption[] | 'loading' | 'failed';

async function loadTemplates(source: TemplateSource): Promise<readonly TemplateOption[]> {
  const { templates } =
    'chatSid' in source
      ? await call('chatTemplates', { params: { chatSid: source.chatSid } })
      : await call('customerTemplates', {
          params: { customerId: source.customerId },
          query: { channel: source.channel },
        });
  return templates;
}

/**
 * The team's templates, filled in for the customer. A template that goes out under an approval is shown once more
 * before it is sent; any other text is handed over to be edited.
 */
export function TemplatePicker({ source, onPick, onClose }: TemplatePickerProps) {
  const [loaded, setLoaded] = useState<Loaded>('loading');
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const [confirming, setConfirming] = useState<TemplateOption | null>(null);
  const box = useRef<HTMLElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();

  const load = () => {
    setLoaded('loading');
    loadTemplates(source).then(setLoaded, () => setLoaded('failed'));
  };
  useEffect(load, [JSON.stringify(source)]);
  useFocusReturn(box);
  // At once, so that no letter typed after "/" is lost.
  useLayoutEffect(() => field.current?.focus(), [confirming === null]);

  const all = typeof loaded === 'string' ? [] : loaded;
  const offered = all.filter((template) => template.notOffered === null && template.preview !== null);
  const notOffered = all.filter((template) => !offered.includes(template));
  const groups = templateGroups(offered.filter((template) => matches(template, query)));
  const shown = groups.flatMap(({ templates }) => templates);
  const current = shown[Math.min(active, shown.length - 1)];

  const choose = (template: TemplateOption) => {
    if (template.contentSid === null) onPick(template);
    else setConfirming(template);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method is open, Enter accepts its suggestion.
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setActive((at) => Math.max(0, Math.min(shown.length - 1, at + step)));
    } else if (event.key === 'Enter' && current !== undefined) {
      event.preventDefault();
      choose(current);
    } else if (event.key === 'Backspace' && query === '') {
      event.preventDefault();
      onClose();
    }
  };
  const onEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    if (confirming === null) onClose();
    else setConfirming(null);
  };

  if (confirming !== null) {
    return (
      <section ref={box} class="picker picker-confirm" aria-label={texts.template} onKeyDown={onEscape}>
        <Confirm template={confirming} onSend={() => onPick(confirming)} onBack={() => setConfirming(null)} />
      </section>
    );
  }
  return (
    <section ref={box} class="picker" aria-label={texts.templates} onKeyDown={onEscape}>
      <div class="picker-head">
        <input
          ref={field}
          type="text"
          class="picker-filter"
          role="combobox"
          aria-label={texts.filterTemplates}
          placeholder={texts.filterTemplates}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={current === undefined ? undefined : `${id}-${current.id}`}
          autocomplete="off"
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        <IconButton icon="clear" label={texts.close} onClick={onClose} />
      </div>
      <div class="picker-body">
        {loaded === 'loading' && <PickerSkeleton />}
        {loaded === 'failed' && (
          <p class="picker-note">
            {texts.templatesFailed} <Button onClick={load}>{texts.tryAgain}</Button>
          </p>
        )}
        {typeof loaded !== 'string' && shown.length === 0 && (
          <p class="picker-note">{query === '' ? texts.noTemplates : texts.noTemplateMatches}</p>
        )}
        <Options id={id} groups={groups} current={current} onChoose={choose} />
        {notOffered.length > 0 && (
          <details class="picker-not-offered">
            <summary>{texts.notOffered(notOffered.length)}</summary>
            <ul>
              {notOffered.map((template) => (
                <li key={template.id}>
                  {template.preview ?? template.category}
                  <span class="hint">{template.notOffered}</span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </section>
  );
}

function Options({
  id,
  groups,
  current,
  onChoose,
}: {
  readonly id: string;
  readonly groups: readonly TemplateGroup[];
  readonly current: TemplateOption | undefined;
  readonly onChoose: (template: TemplateOption) => void;
}) {
  const active = useRef<HTMLDivElement>(null);
  useEffect(() => active.current?.scrollIntoView({ block: 'nearest' }), [current?.id]);
  return (
    <div id={`${id}-list`} role="listbox" aria-label={texts.templates} tabIndex={-1}>
      {groups.map(({ category, templates }) => (
        // biome keeps role=group from <fieldset>, which a listbox must not hold
        <div key={category} role="presentation">
          <p class="picker-category" role="presentation">
            {category === '' ? texts.otherTemplates : category}
          </p>
          {templates.map((template) => (
            <div
              key={template.id}
              ref={template === current ? active : null}
              id={`${id}-${template.id}`}
              role="option"
              tabIndex={-1}
              class="picker-option"
              aria-selected={template === current}
              onClick={() => onChoose(template)}
              onKeyDown={(event) => event.key === 'Enter' && onChoose(template)}
            >
              {template.preview}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

function Confirm({
  template,
  onSend,
  onBack,
}: {
  readonly template: TemplateOption;
  readonly onSend: () => void;
  readonly onBack: () => void;
}) {
  const send = useRef<HTMLDivElement>(null);
  useEffect(() => send.current?.querySelector('button')?.focus(), []);
  return (
    <>
      <p class="picker-category">{template.category}</p>
      <p class="bubble bubble-preview" dir="auto">
        {template.preview}
      </p>
      <div class="actions" ref={send}>
        <Button kind="primary" icon="send" onClick={onSend}>
          {texts.send}
        </Button>
        <Button onClick={onBack}>{texts.back}</Button>
      </div>
    </>
  );
}

function PickerSkeleton() {
  return (
    <div class="picker-skeleton" aria-hidden="true">
      <span class="skeleton" />
      <span class="skeleton" />
      <span class="skeleton" />
    </div>
  );
}

function matches({ category, preview }: TemplateOption, query: string): boolean {
  const wanted = fold(query.trim());
  return fold(`${category} ${preview ?? ''}`).includes(wanted);
}
