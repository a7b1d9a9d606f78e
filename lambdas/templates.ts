import * as v from 'valibot';
import { callbackChain } from './callback/callback-chain';
import type { Callback, CallbackHandler } from './callback/callback-context';
import { openCustomerRepository } from './callback/open-customer-repository';
import { answerByLocation, question } from './callback/question';
import { identity, optionalText } from './frontline/parameters';
import { fieldsOf } from './template/customer-fields';
import { templateCategories } from './template/template-categories';

const Parameters = v.object({ Worker: identity, CustomerId: optionalText });

async function getTemplates({ Worker, CustomerId }: v.InferOutput<typeof Parameters>, callback: Callback) {
  const directory = openCustomerRepository(callback);
  const [customer, templates] = await Promise.all([
    CustomerId === null ? null : directory.getCustomer(CustomerId, Worker),
    directory.listTemplates(),
  ]);
  return templateCategories(templates, fieldsOf(customer, Worker), (reason) => callback.journal.warn(reason));
}

export const handler: CallbackHandler = callbackChain('templates').handler(
  answerByLocation({ GetTemplatesByCustomerId: question(Parameters, getTemplates) }),
);
