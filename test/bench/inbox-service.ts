import { join } from 'node:path';
import * as v from 'valibot';
import { startInbox } from '../../cli/start/inbox/start-inbox';
import { TABLE_NAMES } from '../../cli/start/local-tables';
import { Closables } from '../../cli/start/start-context';
import { startGateway } from '../../emulators/gateway/gateway';
import type { SqsEmulator } from '../../emulators/sqs/sqs-emulator';
import type { TwilioEmulator } from '../../emulators/twilio/twilio-emulator';
import {
  ROUTES,
  type RouteInput,
  type RouteName,
  type RouteOutput,
  requestTarget,
} from '../../lambdas/inbox/api';
import { createDynamoClient } from '../../lambdas/replica/dynamo-client';
import { INBOX_EVENTS, POST_EVENTS, PRE_EVENTS } from '../../lambdas/twilio/callbacks';
import type { FunctionName } from '../../lib/function-names';
import { FUNCTION_TIMEOUTS_MS } from '../../lib/function-timeouts';
import { LiveClient } from '../world/live-client';
import { type Base, loadReplica } from './loaded-replica';
import { startSurroundings } from './surroundings';

const ROOT = join(import.meta.dirname, '..', '..');
const Token = v.object({ token: v.string() });

/** The inbox's functions behind the local gateway, with a loaded replica and its team. */
export class InboxService {
  readonly #tokens = new Map<string, string>();

  private constructor(
    readonly twilio: TwilioEmulator,
    readonly queue: SqsEmulator,
    private readonly url: string,
    private readonly running: Closables,
  ) {}

  static async start(base: Omit<Base, 'baseId'>, identities: readonly string[]): Promise<InboxService> {
    const running = new Closables();
    const surroundings = running.add(await startSurroundings({ customers: [] }));
    const { twilio, airtable, dynamoDbUrl } = surroundings;
    const { handler } = await import('../../lambdas/twilio-conversations');
    const functions = {
      api: { ...named('inbox-api'), ...(await import('../../lambdas/inbox-api')) },
      events: { ...named('inbox-events'), ...(await import('../../lambdas/inbox-events')) },
      live: { ...named('inbox-live'), ...(await import('../../lambdas/inbox-live')) },
    };
    const options = { appDirectory: join(ROOT, 'inbox'), mediaUrl: twilio.url };
    const inbox = await startInbox(running, functions, options);
    const path = '/callbacks/twilio-conversations';
    const callback = { ...named('twilio-conversations'), handler };
    const gateway = running.add(
      await startGateway({ routes: { [`POST ${path}`]: callback }, ...inbox.gateway, log: () => {} }),
    );
    surroundings.setEnvironment({ lambdaUrl: '', publicBaseUrl: gateway.url, webhookUrl: undefined });
    Object.assign(process.env, inbox.variables);
    const client = createDynamoClient(process.env);
    running.add({ close: async () => client.destroy() });
    await loadReplica(client, TABLE_NAMES.replica, { ...base, baseId: airtable.base.id });
    const team = identities.map((identity) => ({
      ...{ identity, subject: `local|${identity}`, name: identity },
      ...{ isActive: true, isAvailable: true },
    }));
    await inbox.saveWorkers(dynamoDbUrl, team);
    const url = `${gateway.url}${path}`;
    twilio.configureWebhooks({
      preUrl: url,
      postUrl: url,
      filters: [...PRE_EVENTS, ...POST_EVENTS, ...INBOX_EVENTS],
    });
    return new InboxService(twilio, inbox.queue, gateway.url, running);
  }

  /** Calls a route. @throws {Error} for an error */
  async call<TName extends RouteName>(
    identity: string,
    name: TName,
    { params = {}, query = {}, body = {} }: Partial<RouteInput<TName>> = {},
  ): Promise<RouteOutput<TName>> {
    const { method, path, response: schema } = ROUTES[name];
    const response = await fetch(this.url + requestTarget(path, params, query), {
      method,
      headers: { authorization: `Bearer ${await this.#tokenOf(identity)}` },
      ...(method !== 'GET' && { body: JSON.stringify(body) }),
    });
    const received: unknown = await response.json();
    if (!response.ok) throw new Error(`${name}: ${response.status} ${JSON.stringify(received)}`);
    const parsed: v.GenericSchema<unknown, RouteOutput<TName>> = schema;
    return v.parse(parsed, received);
  }

  async connect(identity: string): Promise<LiveClient> {
    const live = await LiveClient.connect((await this.call(identity, 'liveTicket')).url);
    this.running.add({ close: async () => live.close() });
    return live;
  }

  async close(): Promise<void> {
    await this.queue.settled();
    await this.running.close();
  }

  async #tokenOf(identity: string): Promise<string> {
    const known = this.#tokens.get(identity);
    if (known !== undefined) return known;
    const response = await fetch(`${this.url}/local/sign-in`, {
      method: 'POST',
      body: JSON.stringify({ identity }),
    });
    const { token } = v.parse(Token, await response.json());
    this.#tokens.set(identity, token);
    return token;
  }
}

/** A function's name and timeout, as it is deployed. */
function named(name: FunctionName) {
  return { name, timeoutMilliseconds: FUNCTION_TIMEOUTS_MS[name] };
}
