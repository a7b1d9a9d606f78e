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
import type { CallbackHandler, RequestContext } from './request/request-context';
import { endpoint, routeByLocation } from './request/router';
import {
  document,
  identity,
  optionalText,
  pageSize,
  pageToken,
  personName,
  requiredText,
} from './twilio/parameters';

const ListParameters = v.object({
  Worker: identity,
  PageSize: pageSize,
  NextPageToken: pageToken,
  Anchor: optionalText,
  Query: optionalText,
});

async function listCustomers(parameters: v.InferOutput<typeof ListParameters>, context: RequestContext) {
  const { Worker, PageSize, NextPageToken, Anchor, Query } = parameters;
  const start: PageStart = NextPageToken
    ? { token: NextPageToken }
    : Anchor
      ? { afterCustomer: Anchor }
      : 'top';
  const customers = openCustomerRepository(context);
  return customerList(await customers.listCustomers({ owner: Worker, size: PageSize, query: Query, start }));
}

const CustomerParameters = v.object({ Worker: identity, CustomerId: requiredText });

async function getCustomerDetails(
  { CustomerId, Worker }: v.InferOutput<typeof CustomerParameters>,
  context: RequestContext,
) {
  return cardOf(await openVisibleCustomer(CustomerId, Worker, null, context), context);
}

const CreateParameters = v.object({ Worker: identity, DisplayName: personName, Channels: document });

async function createCustomer(parameters: v.InferOutput<typeof CreateParameters>, context: RequestContext) {
  const { Worker, DisplayName, Channels } = parameters;
  const numbers = parseChannels(Channels, context.configuration.defaultCountry);
  const holder = randomUUID();
  const customer = await addCustomer(
    { name: DisplayName, owner: Worker, ...numbers },
    {
      customers: openCustomerRepository(context),
      writer: await openCustomerWriter(context),
      claim: (keys) => openClaims(context).claim(keys, holder, Date.now()),
      deadline: context.deadline,
    },
  );
  return cardOf(customer, context);
}

async function deleteOwnCustomer(
  { CustomerId, Worker }: v.InferOutput<typeof CustomerParameters>,
  context: RequestContext,
) {
  const customers = openCustomerRepository(context);
  await deleteCustomer(CustomerId, Worker, customers, await openCustomerWriter(context));
  return {};
}

async function cardOf(customer: Customer, context: RequestContext) {
  const optedOut = await isOptedOut([customer], openOptOuts(context));
  return { objects: { customer: customerDetails(customer, optedOut) } };
}

export const handler: CallbackHandler = callbackPipeline('crm').handler(
  routeByLocation({
    GetCustomersList: endpoint(ListParameters, listCustomers),
    GetCustomerDetailsByCustomerId: endpoint(CustomerParameters, getCustomerDetails),
    CreateCustomer: endpoint(CreateParameters, createCustomer),
    DeleteCustomer: endpoint(CustomerParameters, deleteOwnCustomer),
  }),
);
