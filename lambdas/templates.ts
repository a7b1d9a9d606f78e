import * as v from 'valibot';
import { callbackChain } from './callback/callback-chain';
import type { Callback, CallbackHandler } from './callback/callback-context';
import { openCustomerRepository } from './callback/open-customer-repository';
import { openVisibleCustomer } from './callback/open-visible-customer';
import { answerByLocation, question } from './callback/question';
import { conversationSid, identity, optionalText } from './frontline/parameters';
import { fieldsOf } from './template/customer-fields';
import { templateCategories } from './template/template-categories';

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

export const handler: CallbackHandler = callbackChain('templates').handler(
  answerByLocation({ GetTemplatesByCustomerId: question(Parameters, getTemplates) }),
);
