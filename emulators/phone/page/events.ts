import type { Entry } from './api';
import { h } from './dom';

const MAX_SHOWN = 300;
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hour12: false });

/** What happens between Twilio and the service: a line each, which opens to its parameters. */
export class Events {
  readonly #list = h('ol');
  readonly #reads = h('input', {
    type: 'checkbox',
    onchange: () => this.#log.classList.toggle('with-reads', this.#reads.checked),
  });
  readonly #log = h(
    'div',
    {
      class: 'event-list',
      role: 'log',
      'aria-label': 'Events between Twilio and the service',
      tabindex: '0',
    },
    this.#list,
  );
  readonly element = h(
    'section',
    { class: 'events pane', 'aria-label': 'Events' },
    h(
      'header',
      { class: 'events-header' },
      h('h2', {}, 'Events'),
      h('label', {}, this.#reads, 'Requests that only read'),
      h('button', { type: 'button', class: 'quiet', onclick: () => this.#list.replaceChildren() }, 'Clear'),
    ),
    this.#log,
  );

  add(entries: readonly Entry[]): void {
    this.#list.prepend(...entries.map(line).reverse());
    while (this.#list.childElementCount > MAX_SHOWN) this.#list.lastElementChild?.remove();
  }
}

function line(entry: Entry): HTMLLIElement {
  const { to, name, parameters, status, response, at } = entry;
  const isFailed = status === null || status >= 400;
  const isRead = to === 'twilio' && name.startsWith('GET ');
  return h(
    'li',
    { class: `event to-${to}${isFailed ? ' failed' : ''}${isRead ? ' read' : ''}` },
    h(
      'details',
      {},
      h(
        'summary',
        {},
        h('time', { datetime: at }, TIME.format(new Date(at))),
        h('span', { class: 'direction' }, to === 'service' ? 'to service' : 'to Twilio'),
        h('strong', {}, shortened(name)),
        h('span', { class: 'gist' }, gistOf(parameters)),
        h('span', { class: 'status' }, status === null ? 'no response' : String(status)),
      ),
      h(
        'dl',
        {},
        ...Object.entries(parameters).flatMap(([key, value]) => [h('dt', {}, key), h('dd', {}, value)]),
      ),
      h('h3', {}, 'Response'),
      h('pre', {}, response === '' ? '(empty)' : formatted(response)),
    ),
  );
}

/** The parameter that says most about an event. */
function gistOf({
  Body,
  Status,
  ErrorCode,
  StateTo,
  Identity,
  ...others
}: Readonly<Record<string, string>>): string {
  if (Status !== undefined) return ErrorCode === undefined ? Status : `${Status} ${ErrorCode}`;
  const address = others['MessagingBinding.Address'];
  return Body ?? StateTo ?? Identity ?? address ?? others['FriendlyName'] ?? '';
}

/** A request without its version, service and conversation, with the beginnings of SIDs. */
function shortened(name: string): string {
  return decoded(name)
    .replace(/ \/v1(\/Services\/IS\w+)?(\/Conversations\/CH\w+(?=\/))?\//, ' ')
    .replace(/\b([A-Z]{2}[0-9a-f]{4})[0-9a-f]{28}\b/g, '$1…');
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function formatted(response: string): string {
  try {
    return JSON.stringify(JSON.parse(response), null, 2);
  } catch {
    return response;
  }
}
