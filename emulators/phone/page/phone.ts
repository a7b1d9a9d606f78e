import { api, type Customer, type Message, type PhoneState, type Thread } from './api';
import { h } from './dom';

type Channel = 'sms' | 'whatsapp';

const END_PIXELS = 80;
const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short' });

/** One customer's phone: the messages with the team's number, and what can be done to the phone. */
export class Phone {
  #customer: Customer | null = null;
  #channel: Channel = 'sms';
  #senders: readonly string[] = [];
  #shown = '';

  readonly #title = h('span', { class: 'phone-title' });
  readonly #number = h('span', { class: 'phone-number' });
  readonly #channels = {
    sms: this.#channelButton('sms', 'SMS'),
    whatsapp: this.#channelButton('whatsapp', 'WhatsApp'),
  };
  readonly #messages = h('ol', { class: 'messages' });
  readonly #log = h(
    'div',
    { class: 'log', role: 'log', 'aria-label': 'Messages on the phone', tabindex: '0' },
    this.#messages,
  );
  readonly #notice = h('p', { class: 'notice', role: 'status' });
  readonly #text = h('textarea', {
    rows: '1',
    placeholder: 'Write as the customer',
    'aria-label': 'Write as the customer',
    onkeydown: (event) => this.#sendOnEnter(event),
  });
  readonly #picture = h('input', {
    type: 'file',
    accept: 'image/jpeg,image/png,image/gif,image/webp',
    class: 'visually-hidden',
    'aria-label': 'Send a picture',
    onchange: () => this.#sendPicture(),
  });
  readonly #landline = this.#stateBox('landline', 'This number is a landline');
  readonly #off = this.#stateBox('off', 'Phone off');
  readonly #day = h(
    'button',
    { type: 'button', onclick: () => this.#do((address) => api.letTimePass(address, 24)) },
    'Let 24 hours pass',
  );

  readonly element = h(
    'section',
    { class: 'phone-pane pane', 'aria-label': 'Phone' },
    h(
      'div',
      { class: 'phone' },
      h(
        'header',
        {},
        h('div', { class: 'phone-names' }, this.#title, this.#number),
        h(
          'div',
          { class: 'channels', role: 'group', 'aria-label': 'Channel' },
          ...Object.values(this.#channels),
        ),
      ),
      this.#log,
      this.#notice,
      h(
        'form',
        {
          class: 'composer',
          onsubmit: (event) => {
            event.preventDefault();
            this.#send();
          },
        },
        h(
          'label',
          { class: 'icon', title: 'Send a picture' },
          this.#picture,
          h('span', { 'aria-hidden': 'true' }, '+'),
        ),
        this.#text,
        h('button', { type: 'submit', class: 'send' }, 'Send'),
      ),
    ),
    h(
      'div',
      { class: 'controls', role: 'group', 'aria-label': 'The phone' },
      this.#wordButton('STOP'),
      this.#wordButton('START'),
      this.#day,
      this.#off.label,
      this.#landline.label,
    ),
  );

  set senders(senders: readonly string[]) {
    this.#senders = senders;
    if (this.#customer !== null) this.#showSender();
  }

  get address(): string | null {
    if (this.#customer === null) return null;
    const { sms, whatsapp } = this.#customer;
    return this.#channel === 'sms' ? sms : whatsapp && `whatsapp:${whatsapp}`;
  }

  take(customer: Customer): void {
    this.#customer = customer;
    const hasChannel = customer[this.#channel] !== null;
    if (!hasChannel) this.#channel = customer.sms === null ? 'whatsapp' : 'sms';
    this.#text.value = '';
    this.#title.textContent = customer.name;
    this.#switchTo(this.#channel);
  }

  /** Shows what the phone has now. */
  async refresh(): Promise<void> {
    const { address } = this;
    if (address === null) return;
    const thread = await api.thread(address);
    if (address !== this.address) return;
    this.#show(thread);
    const hasUnread = thread.messages.some(({ status }) => status === 'delivered');
    if (this.#channel === 'whatsapp' && hasUnread && document.visibilityState === 'visible') {
      await api.read(address);
    }
  }

  #switchTo(channel: Channel): void {
    this.#channel = channel;
    this.#shown = '';
    for (const [name, button] of Object.entries(this.#channels)) {
      button.setAttribute('aria-pressed', String(name === channel));
    }
    this.#channels.sms.disabled = this.#customer?.sms == null;
    this.#channels.whatsapp.disabled = this.#customer?.whatsapp == null;
    this.#showSender();
    this.element.classList.toggle('is-whatsapp', channel === 'whatsapp');
    this.#run(() => this.refresh());
  }

  #showSender(): void {
    const isWhatsApp = this.#channel === 'whatsapp';
    const sender = this.#senders.find((one) => one.startsWith('whatsapp:') === isWhatsApp);
    this.#number.textContent = `to ${sender?.replace('whatsapp:', '') ?? 'no number'}`;
  }

  #show(thread: Thread): void {
    const text = JSON.stringify(thread);
    if (text === this.#shown) return;
    const wasOther = this.#shown === '';
    this.#shown = text;
    const { messages, state } = thread;
    const { scrollTop, scrollHeight, clientHeight } = this.#log;
    const isAtEnd = wasOther || scrollTop + clientHeight > scrollHeight - END_PIXELS;
    this.#messages.replaceChildren(
      ...messages.flatMap((message, index) => bubble(message, messages[index - 1])),
      ...(messages.length === 0 ? [h('li', { class: 'hint' }, 'No messages yet')] : []),
    );
    if (isAtEnd) this.#scrollToEnd();
    this.#off.box.checked = state === 'off';
    this.#landline.box.checked = state === 'landline';
    this.#day.disabled = messages.length === 0;
    this.#notice.textContent = this.#noticeOf(thread);
  }

  /** Again when a picture has its height. */
  #scrollToEnd(): void {
    const scroll = () => {
      this.#log.scrollTop = this.#log.scrollHeight;
    };
    for (const picture of this.#messages.querySelectorAll('img')) picture.addEventListener('load', scroll);
    scroll();
  }

  #noticeOf({ state, isOptedOut, windowEnds }: Thread): string {
    if (state === 'off') return 'The phone is off: texts fail, WhatsApp messages wait.';
    if (state === 'landline') return 'A landline: it gets no messages.';
    if (typeof state === 'number') return `Every message fails with ${state}.`;
    if (isOptedOut) return 'Opted out: Twilio blocks texts to this phone until START.';
    if (this.#channel === 'sms') return '';
    const left = windowEnds === null ? 0 : new Date(windowEnds).getTime() - Date.now();
    if (left <= 0) return 'WhatsApp’s 24 hours are over: only templates arrive.';
    return `WhatsApp’s window is open for ${Math.ceil(left / 3_600_000)} h.`;
  }

  #send(): void {
    const text = this.#text.value;
    if (text.trim() === '') return;
    this.#text.value = '';
    this.#scrollToEnd();
    this.#do((address) => api.write(address, text));
  }

  #sendOnEnter(event: Event): void {
    if (!(event instanceof KeyboardEvent) || event.key !== 'Enter' || event.shiftKey || event.isComposing)
      return;
    event.preventDefault();
    this.#send();
  }

  #sendPicture(): void {
    const file = this.#picture.files?.[0];
    this.#picture.value = '';
    if (file !== undefined) this.#do((address) => api.sendPicture(address, file));
  }

  #channelButton(channel: Channel, name: string): HTMLButtonElement {
    return h('button', { type: 'button', onclick: () => this.#switchTo(channel) }, name);
  }

  #wordButton(word: string): HTMLButtonElement {
    return h(
      'button',
      { type: 'button', onclick: () => this.#do((address) => api.write(address, word)) },
      word,
    );
  }

  #stateBox(state: PhoneState, name: string) {
    const box = h('input', {
      type: 'checkbox',
      onchange: () => this.#do((address) => api.setState(address, box.checked ? state : 'on')),
    });
    return { box, label: h('label', {}, box, name) };
  }

  #do(action: (address: string) => Promise<void>): void {
    const { address } = this;
    if (address === null) return;
    this.#run(async () => {
      await action(address);
      await this.refresh();
    });
  }

  /** An error is shown where the phone has its notices. */
  #run(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      this.#notice.textContent = error instanceof Error ? error.message : String(error);
    });
  }
}

const STATUS: Readonly<Record<string, string>> = { delivered: 'arrived', read: 'read' };

function bubble(message: Message, before: Message | undefined): HTMLLIElement[] {
  const at = new Date(message.at);
  const day = DAY.format(at);
  const isNewDay = before === undefined || DAY.format(new Date(before.at)) !== day;
  const status = message.status === null ? '' : ` · ${STATUS[message.status] ?? message.status}`;
  return [
    ...(isNewDay ? [h('li', { class: 'day' }, day)] : []),
    h(
      'li',
      { class: message.isOwn ? 'bubble own' : 'bubble' },
      ...message.media.map(file),
      ...(message.text === '' ? [] : [h('p', {}, message.text)]),
      h('span', { class: 'meta' }, `${TIME.format(at)}${status}`),
    ),
  ];
}

function file({ sid, contentType, filename }: Message['media'][number]): HTMLElement {
  const address = `/phone/media/${sid}`;
  if (contentType.startsWith('image/')) return h('img', { src: address, alt: filename ?? 'Picture' });
  return h('a', { href: address, download: filename ?? '' }, filename ?? 'File');
}
