import * as v from 'valibot';
import { printableJson } from '../../lambdas/characters/visible-text';
import { type CallbackName, callbackPath } from '../../lambdas/twilio/callbacks';
import { withDotEnv } from '../../lib/deployment-configuration';
import { UserError } from '../../lib/user-error';
import { sendCallback, sign } from '../callback/send-callback';
import { demoAccount } from '../start/live';
import { requireRunning } from '../start/start-state';
import type { ConsoleOutput } from '../terminal/console-output';
import { SimulationOutcome, showOutcome } from './show-outcome';
import { waitForWorker } from './wait-for-worker';

type Parameters = Readonly<Record<string, string>>;

const Rejection = v.object({ message: v.string() });
const ProxyResponse = v.object({ proxy_address: v.string() });
const DetailsResponse = v.object({
  objects: v.object({
    customer: v.object({
      display_name: v.string(),
      channels: v.array(v.object({ type: v.string(), value: v.string() })),
    }),
  }),
});

/** Acts as a customer or a worker, with the emulators of a running `npm start`. */
export interface Simulator {
  /**
   * Sends a form to the Twilio emulator, and prints the outcome.
   * @returns the exit status: 1 if the message was rejected
   */
  send(action: string, form: Parameters): Promise<number>;
  /**
   * What the app asks for before it starts a conversation: the customer's name and address, and the service's number.
   * @param channel the customer's first one if undefined
   * @throws {UserError} if the service rejects it, or the customer has no such channel
   */
  addressesOf(customer: string, worker: string, channel: string | undefined): Promise<Parameters>;
}

/** @param screen null to print JSON. @throws {UserError} if no `npm start` with emulators runs in this folder */
export async function openSimulator(directory: string, screen: ConsoleOutput | null): Promise<Simulator> {
  const { urls } = await requireRunning(directory);
  const { service, twilio } = urls;
  if (twilio === undefined)
    throw new UserError('npx frontline start --live uses the real Twilio: start it without --live.');
  const account = demoAccount(withDotEnv(directory, process.env));

  async function ask(route: CallbackName, Location: string, parameters: Parameters): Promise<unknown> {
    const url = service + callbackPath(route);
    const form = Object.entries({ Location, ...parameters });
    const { status, body } = await sendCallback(url, form, sign(account.AUTH_TOKEN, url, form));
    if (status === 200) return JSON.parse(body);
    const { message } = v.parse(v.pipe(v.string(), v.parseJson(), Rejection), body);
    throw new UserError(`${Location} returned ${status}: ${message}`);
  }

  return {
    send: async (action, form) => {
      const request = { method: 'POST', body: new URLSearchParams(form) };
      const body: unknown = await (await fetch(`${twilio}/simulate/${action}`, request)).json();
      const outcome = v.safeParse(SimulationOutcome, body);
      if (!outcome.success) throw new UserError(v.parse(Rejection, body).message);
      if (screen === null) console.log(printableJson(JSON.stringify(body, null, 2)));
      else showOutcome(await waitForWorker(outcome.output, twilio, account), screen);
      return outcome.output.accepted ? 0 : 1;
    },
    addressesOf: async (CustomerId, Worker, channel) => {
      const details = await ask('crm', 'GetCustomerDetailsByCustomerId', { Worker, CustomerId });
      const { display_name: FriendlyName, channels } = v.parse(DetailsResponse, details).objects.customer;
      const chosen = channels.find(({ type }) => channel === undefined || type === channel);
      if (chosen === undefined) throw new UserError(`${FriendlyName} has no channel ${channel ?? ''}`.trim());
      const { type: ChannelType, value: Address } = chosen;
      const parameters = { Worker, CustomerId, ChannelType, ChannelValue: Address };
      const proxy = await ask('outgoing-conversation', 'GetProxyAddress', parameters);
      return { Address, ProxyAddress: v.parse(ProxyResponse, proxy).proxy_address, FriendlyName };
    },
  };
}
