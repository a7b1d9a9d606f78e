import { createRequire } from 'node:module';
import * as v from 'valibot';
import type { CallbackHandler } from '../../lambdas/callback/callback-context';
import type { CallbackName } from '../../lambdas/callback/callback-name';
import type { Row } from '../../local/airtable/base-data';
import { closeWorlds, SMS_NUMBER, World } from '../world/world';
import type { Bundle } from './bundles';
import { median } from './median';

const WARM_UP = 20;
const MEASURED = 100;
/** As many as the base that the quickstart was measured on. */
export const CUSTOMERS = 4_000;
/** Few, so that the time is the service's and not that of the stand-in's formulas. */
const FEW_CUSTOMERS = 40;
const WORKER = 'ana@example.com';
const ADDRESS = '+14155550123';

/** What a warm request takes, and what it asks of others. */
export interface WarmRequest {
  readonly callback: CallbackName;
  readonly question: string;
  /** With the stand-ins' own work, which happens in the same process. */
  readonly milliseconds: number;
  readonly airtableRequests: number;
  readonly twilioRequests: number;
}

interface Conversations {
  readonly current: string;
  readonly next: () => string;
}

interface Question {
  readonly callback: CallbackName;
  /** @param conversations one with the customer in it, and one that is new each time it is asked for. */
  readonly parameters: (conversations: Conversations) => Readonly<Record<string, string>>;
}

const QUESTIONS: Readonly<Record<string, Question>> = {
  GetCustomersList: {
    callback: 'crm',
    parameters: () => ({ Location: 'GetCustomersList', Worker: WORKER, PageSize: '30' }),
  },
  GetCustomerDetailsByCustomerId: {
    callback: 'crm',
    parameters: () => ({ Location: 'GetCustomerDetailsByCustomerId', Worker: WORKER, CustomerId: '1' }),
  },
  GetProxyAddress: {
    callback: 'outgoing-conversation',
    parameters: () => ({
      Location: 'GetProxyAddress',
      Worker: WORKER,
      ChannelType: 'sms',
      ChannelValue: ADDRESS,
    }),
  },
  GetTemplatesByCustomerId: {
    callback: 'templates',
    parameters: () => ({ Location: 'GetTemplatesByCustomerId', Worker: WORKER, CustomerId: '1' }),
  },
  'a new conversation': {
    callback: 'routing',
    parameters: ({ next }) => ({ ConversationSid: next(), 'MessagingBinding.Address': ADDRESS }),
  },
  onConversationAdd: {
    callback: 'twilio-conversations',
    parameters: () => ({
      EventType: 'onConversationAdd',
      'MessagingBinding.Address': ADDRESS,
      Attributes: '{}',
    }),
  },
  onMessageAdd: {
    callback: 'twilio-conversations',
    parameters: ({ current }) => ({
      EventType: 'onMessageAdd',
      ConversationSid: current,
      ClientIdentity: WORKER,
    }),
  },
};

/** Asks each question of its bundle, warm: for the time with a small base, for the requests with a large one. */
export async function warmRequests(bundles: readonly Bundle[]): Promise<WarmRequest[]> {
  const times = await ask(bundles, FEW_CUSTOMERS, WARM_UP + MEASURED);
  const requests = await ask(bundles, CUSTOMERS, 2);
  await closeWorlds();
  return Object.entries(QUESTIONS).map(([question, { callback }]) => ({
    callback,
    question,
    milliseconds: median(
      times
        .get(question)
        ?.map((answer) => answer.milliseconds)
        .slice(WARM_UP) ?? [],
    ),
    airtableRequests: requests.get(question)?.at(-1)?.airtableRequests ?? Number.NaN,
    twilioRequests: requests.get(question)?.at(-1)?.twilioRequests ?? Number.NaN,
  }));
}

type Cost = Pick<WarmRequest, 'milliseconds' | 'airtableRequests' | 'twilioRequests'>;

async function ask(
  bundles: readonly Bundle[],
  customers: number,
  times: number,
): Promise<ReadonlyMap<string, readonly Cost[]>> {
  const templates = [{ category: 'Hello', text: 'Hi {{name}}' }];
  const world = await World.start({ customers: madeUpCustomers(customers), templates });
  const participants = [{ address: ADDRESS, proxyAddress: SMS_NUMBER }];
  const conversations = {
    current: world.twilio.createConversation({ participants }).sid,
    next: () => world.twilio.createConversation().sid,
  };
  const costs = new Map<string, Cost[]>();
  for (const [question, { callback, parameters }] of Object.entries(QUESTIONS)) {
    const handler = load(bundles, callback);
    const measured: Cost[] = [];
    for (let count = 0; count < times; count += 1) {
      const [airtable, twilio] = [world.airtable.requests.length, world.twilio.requests.length];
      const start = performance.now();
      const { status, body } = await world.ask(handler, parameters(conversations), {
        path: `/callbacks/${callback}`,
      });
      measured.push({
        milliseconds: performance.now() - start,
        airtableRequests: world.airtable.requests.length - airtable,
        twilioRequests: world.twilio.requests.length - twilio,
      });
      if (status !== 200) throw new Error(`${question} was answered ${status}: ${JSON.stringify(body)}`);
    }
    costs.set(question, measured);
  }
  await world.close();
  return costs;
}

const Loaded = v.object({ handler: v.custom<CallbackHandler>((value) => typeof value === 'function') });

function load(bundles: readonly Bundle[], callback: CallbackName): CallbackHandler {
  const bundle = bundles.find(({ name }) => name === callback);
  if (bundle === undefined) throw new Error(`There is no bundle of ${callback}`);
  return v.parse(Loaded, createRequire(import.meta.url)(bundle.file)).handler;
}

function madeUpCustomers(length: number): Row[] {
  return Array.from({ length }, (_, index) => ({
    id: index + 1,
    name: `Customer ${String(index + 1).padStart(5, '0')}`,
    sms: index === 0 ? '(415) 555-0123' : `+1212555${String(index).padStart(4, '0')}`,
    owner: index % 10 === 0 ? WORKER : `worker${index % 10}@example.com`,
  }));
}
