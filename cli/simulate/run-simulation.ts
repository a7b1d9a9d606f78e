import * as v from 'valibot';
import { printableJson } from '../../lambdas/characters/visible-text';
import { type CallbackName, callbackPath } from '../../lambdas/twilio/callbacks';
import { withDotEnv } from '../../lib/dot-env';
import { UserError } from '../../lib/user-error';
import { sendCallback, sign } from '../callback/send-callback';
import { demoAccount } from '../start/account';
import { requireRunning } from '../start/start-state';
import { ConsoleOutput } from '../terminal/console-output';
import { SimulationOutcome, showOutcome } from './show-outcome';
import { waitForWorker } from './wait-for-worker';

/** What a customer or a worker does. */
export type Simulation =
  | {
      readonly kind: 'inbound';
      readonly from: string;
      /** @default the service's first number of the channel */
      readonly to?: string;
      readonly body: string;
    }
  | {
      readonly kind: 'worker-message';
      readonly worker: string;
      /** A SID. */
      readonly conversation: string;
      readonly body: string;
    }
  | {
      readonly kind: 'conversation';
      readonly worker: string;
      /** An id. */
      readonly customer: string;
      /** @default the customer's first channel */
      readonly channel?: 'sms' | 'whatsapp';
      readonly body: string;
    };

interface Place {
  /** The project's folder. */
  readonly directory: string;
  readonly json: boolean;
}

/**
 * Acts as a customer or a worker, with the emulators of the running `npm start`, and prints the outcome.
 * @returns the exit status: 1 if the message was rejected
 * @throws {UserError} if none runs, or the customer has no such channel
 */
export async function runSimulation(simulation: Simulation, { directory, json }: Place): Promise<number> {
  const { urls } = await requireRunning(directory);
  if (urls.twilio === undefined) {
    throw new UserError('npm start -- --live uses the real Twilio: simulate works without --live only.');
  }
  const account = demoAccount(withDotEnv(directory, process.env));
  const [path, form] = await requestOf(simulation, appApi(urls.service, account.AUTH_TOKEN));
  const response = await fetch(`${urls.twilio}/simulate/${path}`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  const body: unknown = await response.json();
  const outcome = v.safeParse(SimulationOutcome, body);
  if (!outcome.success) throw new UserError(v.parse(Rejection, body).message);
  if (json) console.log(printableJson(JSON.stringify(body, null, 2)));
  else {
    const settled = await waitForWorker(outcome.output, urls.twilio, account);
    showOutcome(settled, new ConsoleOutput(process.stdout));
  }
  return outcome.output.accepted ? 0 : 1;
}

const Rejection = v.object({ message: v.string() });

type Request = readonly [path: string, form: Parameters];

async function requestOf(simulation: Simulation, api: AppApi): Promise<Request> {
  const { kind, body: Body } = simulation;
  switch (kind) {
    case 'inbound': {
      const { from: From, to: To } = simulation;
      return [kind, { From, ...(To !== undefined && { To }), Body }];
    }
    case 'worker-message':
      return [kind, { Identity: simulation.worker, ConversationSid: simulation.conversation, Body }];
    case 'conversation': {
      const { worker: Worker, customer: CustomerId, channel } = simulation;
      const { display_name: FriendlyName, channels } = await api.getCustomer({ Worker, CustomerId });
      const chosen = channels.find(({ type }) => channel === undefined || type === channel);
      if (chosen === undefined) throw new UserError(`${FriendlyName} has no channel ${channel ?? ''}`.trim());
      const { type: ChannelType, value: Address } = chosen;
      const proxy = { Worker, CustomerId, ChannelType, ChannelValue: Address };
      const ProxyAddress = await api.getProxyAddress(proxy);
      return [kind, { Identity: Worker, Address, ProxyAddress, FriendlyName, Body }];
    }
  }
}

type Parameters = Readonly<Record<string, string>>;

/** The callbacks that the app sends before it starts a conversation. */
interface AppApi {
  getCustomer(parameters: Parameters): Promise<v.InferOutput<typeof DetailsResponse>['objects']['customer']>;
  getProxyAddress(parameters: Parameters): Promise<string>;
}

const DetailsResponse = v.object({
  objects: v.object({
    customer: v.object({
      display_name: v.string(),
      channels: v.array(v.object({ type: v.string(), value: v.string() })),
    }),
  }),
});
const ProxyResponse = v.object({ proxy_address: v.string() });

function appApi(serviceUrl: string, authToken: string): AppApi {
  const ask = async (route: CallbackName, Location: string, parameters: Parameters): Promise<unknown> => {
    const url = serviceUrl + callbackPath(route);
    const form = Object.entries({ Location, ...parameters });
    const { status, body } = await sendCallback(url, form, sign(authToken, url, form));
    if (status === 200) return JSON.parse(body);
    const { message } = v.parse(v.pipe(v.string(), v.parseJson(), Rejection), body);
    throw new UserError(`${Location} returned ${status}: ${message}`);
  };
  return {
    getCustomer: async (parameters) =>
      v.parse(DetailsResponse, await ask('crm', 'GetCustomerDetailsByCustomerId', parameters)).objects
        .customer,
    getProxyAddress: async (parameters) =>
      v.parse(ProxyResponse, await ask('outgoing-conversation', 'GetProxyAddress', parameters)).proxy_address,
  };
}
