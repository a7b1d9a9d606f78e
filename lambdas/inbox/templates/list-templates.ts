import type { Channel, TemplateOption } from '../api';
import { isWindowOpen } from '../chats/composer';
import { ownRow } from '../chats/membership';
import { addressOf } from '../chats/show-chat';
import { customersAt } from '../customers/customers-at';
import { openCustomer } from '../customers/open-customer';
import type { Inbox } from '../open-inbox';
import type { WorkerRecord } from '../store/worker-store';
import { fillTemplates, type TemplateUse } from './offer-templates';

/** The templates for a chat of the worker's own. */
export async function chatTemplates(inbox: Inbox, worker: WorkerRecord, sid: string) {
  const { chat } = await ownRow(inbox, worker.identity, sid);
  const address = addressOf(chat);
  const customer = address === null ? null : (await customersAt([address], inbox))(address);
  const isFreeTextAllowed = isWindowOpen(chat, inbox.now());
  return options(inbox, { customer, worker: worker.name, channel: chat.channel, isFreeTextAllowed });
}

/** The templates with which a chat with a customer can begin. */
export async function customerTemplates(inbox: Inbox, worker: WorkerRecord, id: string, channel: Channel) {
  const customer = await openCustomer(inbox, worker, id);
  return options(inbox, {
    customer,
    worker: worker.name,
    channel,
    isFreeTextAllowed: channel === 'sms',
  });
}

async function options(inbox: Inbox, use: TemplateUse): Promise<{ readonly templates: TemplateOption[] }> {
  return { templates: (await fillTemplates(use, inbox)).map(({ option }) => option) };
}
