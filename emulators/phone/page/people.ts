import type { Customer } from './api';
import { h } from './dom';

const MAX_SHOWN = 60;
const NUMBER = /^\+[1-9]\d{6,14}$/;

/** The list of customers whose phone can be taken, with a search; any number is a customer that the base does not have. */
export class People {
  readonly #search = h('input', {
    type: 'search',
    placeholder: 'Name, or any number: +1…',
    'aria-label': 'Find a customer',
    oninput: () => this.#show(),
  });
  readonly #list = h('ul', { class: 'people-list' });
  readonly element = h(
    'section',
    { class: 'people pane', 'aria-label': 'Customers' },
    h('h2', {}, 'Whose phone?'),
    this.#search,
    this.#list,
  );
  #customers: readonly Customer[] = [];
  #chosen: Customer | null = null;

  constructor(readonly onChosen: (customer: Customer) => void) {}

  set customers(customers: readonly Customer[]) {
    this.#customers = customers;
    this.#show();
  }

  choose(customer: Customer): void {
    this.#chosen = customer;
    this.#show();
    this.onChosen(customer);
  }

  #show(): void {
    const wanted = this.#search.value.trim().toLowerCase();
    const digits = wanted.replace(/[^\d+]/g, '');
    const found = this.#customers.filter(
      ({ name, sms, whatsapp }) =>
        name.toLowerCase().includes(wanted) ||
        (digits.length > 2 && [sms, whatsapp].some((address) => address?.includes(digits))),
    );
    const unknown = NUMBER.test(digits) ? [{ name: digits, sms: digits, whatsapp: digits }] : [];
    const shown = [...unknown, ...found].slice(0, MAX_SHOWN);
    const more = found.length + unknown.length - shown.length;
    this.#list.replaceChildren(
      ...shown.map((customer) => h('li', {}, this.#button(customer))),
      ...(shown.length === 0 ? [h('li', { class: 'hint' }, 'No customer has this name or number.')] : []),
      ...(more > 0 ? [h('li', { class: 'hint' }, `${more} more: type to find them`)] : []),
    );
  }

  #button(customer: Customer): HTMLButtonElement {
    const { name, sms, whatsapp } = customer;
    const isUnknown = name === sms;
    const isChosen = name === this.#chosen?.name && sms === this.#chosen.sms;
    const channels = [...(sms === null ? [] : ['SMS']), ...(whatsapp === null ? [] : ['WhatsApp'])];
    return h(
      'button',
      {
        type: 'button',
        class: 'person',
        'aria-pressed': String(isChosen),
        onclick: () => this.choose(customer),
      },
      h('span', { class: 'person-name' }, name),
      h(
        'span',
        { class: 'person-address' },
        `${isUnknown ? 'not in the base' : (sms ?? whatsapp)} · ${channels.join(', ')}`,
      ),
    );
  }
}
