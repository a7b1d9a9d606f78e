import * as v from 'valibot';
import { callbackPipeline } from './middleware/pipeline';
import { openCustomerRepository } from './request/open-customer-repository';
import { openVisibleCustomer } from './request/open-visible-customer';
import type { CallbackHandler, RequestContext } from './request/request-context';
import { endpoint, routeByLocation } from './request/router';
import { fieldsOf } from './templates/merge-fields';
import { templateCategories } from './templates/template-categories';
import { conversationSid, identity, optionalText } from './twilio/parameters';

const Parameters = v.object({
  Worker: identity,
  CustomerId: optionalText,
  ConversationSid: v.fallback(v.nullable(conversationSid), null),
});

async function getTemplates(parameters: v.InferOutput<typeof Parameters>, context: RequestContext) {
  const { Worker, CustomerId, ConversationSid } = parameters;
  const [customer, templates] = await Promise.all([
    CustomerId === null ? null : openVisibleCustomer(CustomerId, Worker, ConversationSid, context),
    openCustomerRepository(context).listTemplates(),
  ]);
  return templateCategories(templates, fieldsOf(customer, Worker), (reason) =>
    context.requestLog.warn(reason),
  );
}

export const handler: CallbackHandler = callbackPipeline('templates').handler(
  routeByLocation({ GetTemplatesByCustomerId: endpoint(Parameters, getTemplates) }),
);
