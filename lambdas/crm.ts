import * as v from 'valibot';
import { callbackChain } from './callback/callback-chain';
import type { Callback, CallbackHandler } from './callback/callback-context';
import { openCustomerRepository } from './callback/open-customer-repository';
import { answerByLocation, question } from './callback/question';
import { addCustomer } from './customers/add-customer';
import type { PageStart } from './customers/customer-repository';
import { customerCard } from './frontline/customer-card';
import { customerList } from './frontline/list-answer';
import { parseChannels } from './frontline/new-channels';
import { document, identity, optionalText, pageSize, pageToken, requiredText } from './frontline/parameters';

const ListParameters = v.object({
  Worker: identity,
  PageSize: pageSize,
  NextPageToken: pageToken,
  Anchor: optionalText,
  Query: optionalText,
});

async function listCustomers(parameters: v.InferOutput<typeof ListParameters>, callback: Callback) {
  const { Worker, PageSize, NextPageToken, Anchor, Query } = parameters;
  const start: PageStart = NextPageToken
    ? { token: NextPageToken }
    : Anchor
      ? { afterCustomer: Anchor }
      : 'top';
  const directory = openCustomerRepository(callback);
  return customerList(await directory.listCustomers({ owner: Worker, size: PageSize, query: Query, start }));
}

const CustomerParameters = v.object({ Worker: identity, CustomerId: requiredText });

/** For any worker of the team: a conversation can be handed over. */
async function getCustomerDetails(
  { CustomerId, Worker }: v.InferOutput<typeof CustomerParameters>,
  callback: Callback,
) {
  const customer = await openCustomerRepository(callback).getCustomer(CustomerId, Worker);
  return { objects: { customer: customerCard(customer) } };
}

const CreateParameters = v.object({
  Worker: identity,
  // On one line, as a name is shown.
  DisplayName: v.pipe(
    requiredText,
    v.transform((name) => name.replace(/\s+/g, ' ')),
  ),
  Channels: document,
});

async function createCustomer(parameters: v.InferOutput<typeof CreateParameters>, callback: Callback) {
  const { Worker, DisplayName, Channels } = parameters;
  const numbers = parseChannels(Channels, callback.configuration.defaultCountry);
  const customer = await addCustomer(openCustomerRepository(callback), {
    name: DisplayName,
    owner: Worker,
    ...numbers,
  });
  return { objects: { customer: customerCard(customer) } };
}

async function deleteCustomer(parameters: v.InferOutput<typeof CustomerParameters>, callback: Callback) {
  await openCustomerRepository(callback).deleteCustomer(parameters.CustomerId, parameters.Worker);
  return {};
}

export const handler: CallbackHandler = callbackChain('crm').handler(
  answerByLocation({
    GetCustomersList: question(ListParameters, listCustomers),
    GetCustomerDetailsByCustomerId: question(CustomerParameters, getCustomerDetails),
    CreateCustomer: question(CreateParameters, createCustomer),
    DeleteCustomer: question(CustomerParameters, deleteCustomer),
  }),
);
