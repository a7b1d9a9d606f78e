import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ConfigurationStore, ConversationService } from './account-configuration';
import type { ConfigurationRepresentation } from './configuration-representation';
import { baseOf } from './conversation-routes';
import { take } from './form';
import { page } from './paging';
import { pathOf } from './request-guard';
import { readTimer } from './timers';
import { notFound, twilioError } from './twilio-errors';
import { changedWebhooks, shownWebhooks } from './webhook-settings';

type OfService = { Params: { service: string } };

/**
 * Conversations' defaults, its services, and the webhooks of the account and of a service (twilio.md#rest-requests,
 * twilio.md#configuration).
 */
export function configurationRoutes(
  app: FastifyInstance,
  configuration: ConfigurationStore,
  show: ConfigurationRepresentation,
): void {
  app.get('/Configuration', async (request) => show.configuration(configuration.current, baseOf(request)));

  app.post('/Configuration', async (request) => {
    const form = take(
      request.body,
      ...(['DefaultChatServiceSid', 'DefaultMessagingServiceSid'] as const),
      ...(['DefaultInactiveTimer', 'DefaultClosedTimer'] as const),
    );
    readTimer('inactive', form.DefaultInactiveTimer ?? '');
    readTimer('closed', form.DefaultClosedTimer ?? '');
    const { current } = configuration;
    const chatService = form.DefaultChatServiceSid ?? current.defaultChatServiceSid;
    const messagingService = form.DefaultMessagingServiceSid ?? current.defaultMessagingServiceSid;
    if (chatService !== null && configuration.service(chatService) === undefined) {
      throw twilioError('invalidParameter', `No conversation service ${chatService}`);
    }
    if (messagingService !== null && !/^MG[0-9a-f]{32}$/.test(messagingService)) {
      throw twilioError('invalidParameter', `No messaging service ${messagingService}`);
    }
    const changed = configuration.change({
      defaultChatServiceSid: chatService,
      defaultMessagingServiceSid: messagingService,
      defaultInactiveTimer: form.DefaultInactiveTimer ?? current.defaultInactiveTimer,
      defaultClosedTimer: form.DefaultClosedTimer ?? current.defaultClosedTimer,
    });
    return show.configuration(changed, baseOf(request));
  });

  app.get('/Configuration/Webhooks', async (request) => accountWebhooks(request));

  app.post('/Configuration/Webhooks', async (request) => {
    configuration.change({ webhooks: changedWebhooks(configuration.current.webhooks, request.body) });
    return accountWebhooks(request);
  });

  app.get('/Services', async (request) =>
    page(configuration.current.services, {
      key: 'services',
      url: `${baseOf(request)}/Services`,
      query: request.query,
      represent: (service) => show.service(service, origin(request)),
    }),
  );

  app.get<OfService>('/Services/:service', async (request) =>
    show.service(serviceOf(request), origin(request)),
  );

  app.get<OfService>('/Services/:service/Configuration/Webhooks', async (request) =>
    serviceWebhooks(serviceOf(request), request),
  );

  app.post<OfService>('/Services/:service/Configuration/Webhooks', async (request) => {
    const { sid, webhooks } = serviceOf(request);
    configuration.setServiceWebhooks(sid, changedWebhooks(webhooks, request.body));
    return serviceWebhooks(serviceOf(request), request);
  });

  function accountWebhooks(request: FastifyRequest) {
    return {
      account_sid: show.accountSid,
      ...shownWebhooks(configuration.current.webhooks),
      target: 'webhook',
      url: `${baseOf(request)}/Configuration/Webhooks`,
    };
  }

  function serviceWebhooks({ sid, webhooks }: ConversationService, request: FastifyRequest) {
    return {
      account_sid: show.accountSid,
      chat_service_sid: sid,
      ...shownWebhooks(webhooks),
      url: `${origin(request)}/Services/${sid}/Configuration/Webhooks`,
    };
  }

  function serviceOf(request: FastifyRequest<OfService>): ConversationService {
    const service = configuration.service(request.params.service);
    if (service === undefined) throw notFound(pathOf(request));
    return service;
  }
}

/** The part of the URL before `/Services`. */
function origin(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}/v1`;
}
