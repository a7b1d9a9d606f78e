import { api } from './api';
import { h } from './dom';
import { Events } from './events';
import { People } from './people';
import { Phone } from './phone';

type Pane = 'people' | 'phone' | 'events';

const RETRY_MS = 2_000;
const phone = new Phone();
const events = new Events();
const people = new People((customer) => {
  phone.take(customer);
  show('phone');
});
const offline = h(
  'p',
  { class: 'offline', role: 'status', hidden: true },
  'The demo does not respond. Is npm start running?',
);
const tabs = {
  people: tab('people', 'Customers'),
  phone: tab('phone', 'Phone'),
  events: tab('events', 'Events'),
};
const title = h('h1', { class: 'visually-hidden' }, 'The customer’s phone');
const panes = h('main', { 'data-pane': 'phone' }, title, people.element, phone.element, events.element);

document
  .getElementById('app')
  ?.append(offline, panes, h('nav', { 'aria-label': 'Parts of the page' }, ...Object.values(tabs)));
show('phone');
void start();

/** On a narrow screen one part is seen at a time. */
function show(pane: Pane): void {
  panes.dataset['pane'] = pane;
  for (const [name, button] of Object.entries(tabs))
    button.setAttribute('aria-pressed', String(name === pane));
}

function tab(pane: Pane, name: string): HTMLButtonElement {
  return h('button', { type: 'button', onclick: () => show(pane) }, name);
}

async function start(): Promise<void> {
  await untilItWorks(async () => {
    const { customers, senders } = await api.customers();
    phone.senders = senders;
    people.customers = customers;
    const [first] = customers;
    // A number can be taken before the customers are there.
    if (first !== undefined && phone.address === null) people.choose(first);
  });
  document.addEventListener('visibilitychange', () => void phone.refresh().catch(() => undefined));
  let last = 0;
  for (;;) {
    await untilItWorks(async () => {
      const activity = await api.activity(last);
      // The demo was started again.
      last = activity.last < last ? 0 : activity.last;
      events.add(activity.entries);
      await phone.refresh();
    });
  }
}

async function untilItWorks(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await work();
      offline.hidden = true;
      return;
    } catch {
      offline.hidden = false;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
