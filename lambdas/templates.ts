import * as v from 'valibot';
import { callbackPipeline } from './middleware/pipeline';
import { openCustomerRepository } from './request/open-customer-repository';
import { openVisibleCustomer } from './request/open-visible-customer';
import { conversationSid, identity, optionalText } from './request/parameters';
import type { Callback, CallbackHandler } from './request/request-context';
import { question, routeByLocation } from './request/router';
import { fieldsOf } from './templates/customer-fields';
import { templateCategories } from './templates/template-categories';

const Parameters = v.object({
  Worker: identity,
  CustomerId: optionalText,
  ConversationSid: v.fallback(v.nullable(conversationSid), null),
});

async function getTemplates(parameters: v.InferOutput<typeof Parameters>, callback: Callback) {
  const { Worker, CustomerId, ConversationSid } = parameters;
  const [customer, templates] = await Promise.all([
    CustomerId === null ? null : openVisibleCustomer(CustomerId, Worker, ConversationSid, callback),
    openCustomerRepository(callback).listTemplates(),
  ]);
  return templateCategories(templates, fieldsOf(customer, Worker), (reason) => callback.journal.warn(reason));
}

export const handler: CallbackHandler = callbackPipeline('templates').handler(
  routeByLocation({ GetTemplatesByCustomerId: question(Parameters, getTemplates) }),
);
