import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { addCustomer } from './customers/add-customer';
import type { Customer } from './customers/customer';
import type { PageStart } from './customers/customer-repository';
import { deleteCustomer } from './customers/delete-customer';
import { customerDetails } from './frontline/customer-details';
import { customerList } from './frontline/customer-list-response';
import { parseChannels } from './frontline/parse-channels';
import { callbackPipeline } from './middleware/pipeline';
import { isOptedOut } from './opt-out/guard';
import {
  openClaims,
  openCustomerRepository,
  openCustomerWriter,
  openOptOuts,
} from './request/open-customer-repository';
import { openVisibleCustomer } from './request/open-visible-customer';
import {
  document,
  identity,
  optionalText,
  pageSize,
  pageToken,
  personName,
  requiredText,
} from './request/parameters';
import type { Callback, CallbackHandler } from './request/request-context';
import { question, routeByLocation } from './request/router';

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
  const customers = openCustomerRepository(callback);
  return customerList(await customers.listCustomers({ owner: Worker, size: PageSize, query: Query, start }));
}

const CustomerParameters = v.object({ Worker: identity, CustomerId: requiredText });

async function getCustomerDetails(
  { CustomerId, Worker }: v.InferOutput<typeof CustomerParameters>,
  callback: Callback,
) {
  return cardOf(await openVisibleCustomer(CustomerId, Worker, null, callback), callback);
}

const CreateParameters = v.object({ Worker: identity, DisplayName: personName, Channels: document });

async function createCustomer(parameters: v.InferOutput<typeof CreateParameters>, callback: Callback) {
  const { Worker, DisplayName, Channels } = parameters;
  const numbers = parseChannels(Channels, callback.configuration.defaultCountry);
  const holder = randomUUID();
  const customer = await addCustomer(
    { name: DisplayName, owner: Worker, ...numbers },
    {
      customers: openCustomerRepository(callback),
      writer: await openCustomerWriter(callback),
      claim: (keys) => openClaims(callback).claim(keys, holder, Date.now()),
      deadline: callback.deadline,
    },
  );
  return cardOf(customer, callback);
}

async function deleteOwnCustomer(
  { CustomerId, Worker }: v.InferOutput<typeof CustomerParameters>,
  callback: Callback,
) {
  const customers = openCustomerRepository(callback);
  await deleteCustomer(CustomerId, Worker, customers, await openCustomerWriter(callback));
  return {};
}

async function cardOf(customer: Customer, callback: Callback) {
  const optedOut = await isOptedOut([customer], openOptOuts(callback));
  return { objects: { customer: customerDetails(customer, optedOut) } };
}

export const handler: CallbackHandler = callbackPipeline('crm').handler(
  routeByLocation({
    GetCustomersList: question(ListParameters, listCustomers),
    GetCustomerDetailsByCustomerId: question(CustomerParameters, getCustomerDetails),
    CreateCustomer: question(CreateParameters, createCustomer),
    DeleteCustomer: question(CustomerParameters, deleteOwnCustomer),
  }),
);
