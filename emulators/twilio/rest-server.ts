import { type EmulatorRequest, type EmulatorServer, startEmulator } from '../core/emulator-server';
import type { HttpResponse } from '../core/http-response';
import { BodyTooLargeError } from '../core/http-server';
import { Router, under } from '../core/router';
import type { ConfigurationStore } from './account-configuration';
import { accountRoutes } from './account-routes';
import type { Activity } from './activity';
import { addressRoutes } from './address-routes';
import { unroutedError } from './api-operations';
import { type ApiKey, Authentication, userOf } from './authentication';
import { type ConfigurationRepresentation, configurationRoutes } from './configuration-routes';
import { contentRoutes } from './content-routes';
import { conversationRoutes, type Resources } from './conversation-routes';
import { conversationUserRoutes, singleUserRoutes, userRoutes } from './conversation-user-routes';
import { type Form, formOf } from './form';
import type { FrontlineUsers } from './frontline-users';
import type { Inbound } from './inbound';
import { mediaRoutes, temporaryMedia } from './media-routes';
import { messageRoutes } from './message-routes';
import { messagingRoutes } from './messaging-routes';
import { participantRoutes } from './participant-routes';
import { isForm, requestsWebhooks, restCall } from './rest-call';
import type { SidSource } from './sids';
import { simulationError, simulationRoutes } from './simulation-routes';
import { notFound, TwilioError, twilioError } from './twilio-errors';
import { errorResponse, respondToFault, type TwilioFault } from './twilio-faults';

/** A received request. */
export interface SeenRequest {
  readonly method: string;
  /** As sent, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: Form;
  readonly form: Form;
  /** The SID of the account or API key that it authenticates with; null for none. */
  readonly user: string | null;
  /** Whether it has the header `X-Twilio-Webhook-Enabled: true`. */
  readonly requestsWebhooks: boolean;
}

interface ServerParts extends Resources {
  readonly port: number | undefined;
  readonly accountSid: string;
  /** The account's current tokens: two during a rotation (twilio.md#token-rotation). */
  readonly authTokens: readonly string[];
  readonly apiKeys: readonly ApiKey[];
  readonly conversationServiceSid: string;
  readonly configuration: ConfigurationStore;
  readonly showConfiguration: ConfigurationRepresentation;
  readonly ourNumbers: readonly string[];
  readonly sids: SidSource;
  readonly users: FrontlineUsers;
  readonly inbound: Inbound;
  readonly activity: Activity;
}

export type RestServer = EmulatorServer<SeenRequest, TwilioFault>;

/** What belongs to the emulator and not to Twilio's API. */
const NOT_REST = /^\/(simulate|media)\//;
const MAX_BODY_BYTES = 20 * 1024 * 1024;

/** Starts the HTTP server of all of Twilio's hosts, and of the simulated phones. */
export async function startRestServer(parts: ServerParts): Promise<RestServer> {
  const rest = new Router(restRoutes(parts));
  const simulation = new Router(simulationRoutes(parts));
  const authentication = new Authentication(parts);

  const respond = async (request: EmulatorRequest): Promise<HttpResponse> => {
    const { method, path } = request;
    const [, mediaSid] = /^\/media\/([^/]+)$/.exec(path) ?? [];
    if (mediaSid !== undefined) {
      return temporaryMedia(parts.media, mediaSid, new URLSearchParams(request.search));
    }
    if (path.startsWith('/simulate/')) {
      const route = simulation.find(method, path);
      if (route.kind !== 'found') throw notFound(path);
      return route.handler(restCall(request, route.param));
    }
    const rejection = authentication.rejectionOf(request);
    if (rejection !== null) throw rejection;
    checkService(path, parts);
    const route = rest.find(method, path);
    if (route.kind !== 'found') throw unroutedError(method, path, parts.accountSid);
    if (request.body !== '' && !isForm(request) && !TAKES_ANY_BODY.test(path)) {
      throw twilioError('invalidParameter', 'The body is not a form');
    }
    const respond = async () => route.handler(restCall(request, route.param));
    const response = await respond().catch((error: unknown) => errorResponse(twilioErrorOf(error)));
    const { query, form } = describe(request);
    parts.activity.add({
      to: 'twilio',
      name: `${method} ${path}`,
      parameters: { ...query, ...form },
      status: response.status,
      response: Buffer.isBuffer(response.body) ? '' : (response.body ?? ''),
    });
    return response;
  };

  const server = await startEmulator<SeenRequest, TwilioFault>({
    port: parts.port,
    about: "This is an emulator of Twilio's APIs; npx frontline simulate sends messages through it.",
    maxBodyBytes: MAX_BODY_BYTES,
    describe,
    respond,
    respondToFault,
    respondToError: (error) => simulationError(error) ?? errorResponse(twilioErrorOf(error)),
    faultsMatch: ({ path }) => !NOT_REST.test(path),
    headers: () => ({ 'Twilio-Request-Id': parts.sids.next('RQ'), 'Twilio-Concurrent-Requests': '1' }),
  });
  return {
    ...server,
    get requests() {
      return server.requests.filter(({ path }) => !NOT_REST.test(path));
    },
  };
}

function restRoutes(parts: ServerParts) {
  const { accountSid, configuration, showConfiguration, users } = parts;
  const conversations = {
    ...conversationRoutes(parts),
    ...participantRoutes(parts),
    ...messageRoutes(parts),
    ...conversationUserRoutes(parts),
  };
  return {
    ...under('/v1', {
      ...conversations,
      ...configurationRoutes(configuration, showConfiguration, parts.sids),
      ...addressRoutes({ ...parts, show: showConfiguration }),
      ...userRoutes(users, parts.show),
    }),
    ...under('/v1/Services/:service', { ...conversations, ...singleUserRoutes(parts) }),
    ...contentRoutes({ accountSid, contents: parts.contents }),
    ...mediaRoutes(parts),
    ...messagingRoutes(parts),
    ...under('/2010-04-01', accountRoutes(configuration, showConfiguration)),
  };
}

function describe(request: EmulatorRequest): SeenRequest {
  const { method, path, search, body } = request;
  return {
    method,
    path,
    query: formOf(new URLSearchParams(search)),
    form: formOf(new URLSearchParams(isForm(request) ? body : '')),
    user: userOf(request),
    requestsWebhooks: requestsWebhooks(request),
  };
}

const TAKES_ANY_BODY = /^\/v1\/Services\/[^/]+\/Media(Set)?$/;

/** Every existing service can be configured; only Frontline's has conversations here. */
function checkService(path: string, { configuration, conversationServiceSid }: ServerParts): void {
  const [, service, part] = /^\/v1\/Services\/([^/]+)(?:\/([^/]+))?/.exec(path) ?? [];
  if (service === undefined || service === conversationServiceSid) return;
  if (configuration.service(service) === undefined) throw notFound(path);
  if (part === undefined || part === 'Configuration') return;
  throw twilioError('notEmulated', 'The Twilio emulator keeps conversations in one service only');
}

function twilioErrorOf(error: unknown): TwilioError {
  if (error instanceof TwilioError) return error;
  if (error instanceof BodyTooLargeError) return twilioError('invalidParameter', error.message);
  return twilioError('serverError', `The emulator failed: ${error}`);
}
