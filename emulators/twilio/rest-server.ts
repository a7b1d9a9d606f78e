import fastify, { type FastifyInstance } from 'fastify';
import type { ConfigurationStore } from './account-configuration';
import { accountRoutes } from './account-routes';
import { addressRoutes } from './address-routes';
import { unroutedError } from './api-operations';
import type { ConfigurationRepresentation } from './configuration-representation';
import { configurationRoutes } from './configuration-routes';
import { contentRoutes, contentRoutes2 } from './content-routes';
import { conversationRoutes, type Resources } from './conversation-routes';
import { conversationUserRoutes, singleUserRoutes } from './conversation-user-routes';
import { parseForm } from './form';
import type { FrontlineUsers } from './frontline-users';
import type { Inbound } from './inbound';
import { mediaRoutes, temporaryMediaRoutes } from './media-routes';
import { messageRoutes } from './message-routes';
import { participantRoutes } from './participant-routes';
import { type GuardedAccount, guardRequests, pathOf } from './request-guard';
import { simulationRoutes } from './simulation-routes';
import { userRoutes } from './user-routes';

interface ServerParts extends Resources {
  readonly account: GuardedAccount;
  readonly configuration: ConfigurationStore;
  readonly showConfiguration: ConfigurationRepresentation;
  readonly ourNumbers: readonly string[];
  readonly users: FrontlineUsers;
  readonly inbound: Inbound;
}

/** The HTTP server of all of Twilio's hosts, and of the simulated phones. */
export function restServer(parts: ServerParts): FastifyInstance {
  const { account, configuration, showConfiguration, users, media } = parts;
  // An identity of 256 characters is up to nine times as long when it is percent-encoded.
  const app = fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 2400 } });
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: unknown, body: string) => parseForm(body),
  );
  const conversations = (rest: FastifyInstance) => {
    conversationRoutes(rest, parts);
    participantRoutes(rest, parts);
    messageRoutes(rest, parts);
    conversationUserRoutes(rest, parts);
  };
  const content = { accountSid: account.accountSid, contents: parts.contents };
  const apis: Readonly<Record<string, (rest: FastifyInstance) => void>> = {
    '/v1': (rest) => {
      conversations(rest);
      configurationRoutes(rest, configuration, showConfiguration);
      addressRoutes(rest, { ...parts, sids: account.sids, show: showConfiguration });
      userRoutes(rest, users, parts.show);
      contentRoutes(rest, content);
    },
    '/v1/Services/:service': (rest) => {
      conversations(rest);
      singleUserRoutes(rest, parts);
    },
    '/v2': (rest) => contentRoutes2(rest, content),
    '/2010-04-01': (rest) => accountRoutes(rest, configuration, showConfiguration),
  };
  for (const [prefix, routes] of Object.entries(apis)) {
    app.register(
      (rest, _options, done) => {
        // Twilio reads forms only.
        rest.removeContentTypeParser(['application/json', 'text/plain']);
        guardRequests(rest, account);
        routes(rest);
        rest.all('/*', async (request) => {
          throw unroutedError(request.method, pathOf(request), account.accountSid);
        });
        done();
      },
      { prefix },
    );
  }
  app.register((service, _options, done) => {
    service.removeAllContentTypeParsers();
    guardRequests(service, account);
    mediaRoutes(service, { media, conversationServiceSid: account.conversationServiceSid });
    done();
  });
  app.register((simulation, _options, done) => {
    temporaryMediaRoutes(simulation, media);
    simulationRoutes(simulation, parts, parts.inbound);
    done();
  });
  return app;
}
