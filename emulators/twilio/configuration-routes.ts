import { json } from '../core/http-response';
import type { ConfigurationStore, ConversationService } from './account-configuration';
import type { ConfigurationRepresentation } from './configuration-representation';
import { take } from './form';
import { page } from './paging';
import type { RestCall, RestRoutes } from './rest-call';
import { readTimer } from './timers';
import { notFound, twilioError } from './twilio-errors';
import { changedWebhooks, shownWebhooks } from './webhook-settings';

/**
 * Conversations' defaults, its services, and the webhooks of the account and of a service (twilio.md#rest-requests,
 * twilio.md#configuration).
 */
export function configurationRoutes(
  configuration: ConfigurationStore,
  show: ConfigurationRepresentation,
): RestRoutes {
  const serviceOf = (call: RestCall): ConversationService => {
    const service = configuration.service(call.param('service'));
    if (service === undefined) throw notFound(call.path);
    return service;
  };

  const accountWebhooks = (call: RestCall) =>
    json({
      account_sid: show.accountSid,
      ...shownWebhooks(configuration.current.webhooks),
      target: 'webhook',
      url: `${call.origin}/v1/Configuration/Webhooks`,
    });

  const serviceWebhooks = (call: RestCall) => {
    const { sid, webhooks } = serviceOf(call);
    return json({
      account_sid: show.accountSid,
      chat_service_sid: sid,
      ...shownWebhooks(webhooks),
      url: `${call.origin}/v1/Services/${sid}/Configuration/Webhooks`,
    });
  };

  return {
    'GET /Configuration': (call) => json(show.configuration(configuration.current, call.base)),

    'POST /Configuration': (call) => {
      const form = take(
        call.form,
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
      return json(show.configuration(changed, call.base));
    },

    'GET /Configuration/Webhooks': accountWebhooks,

    'POST /Configuration/Webhooks': (call) => {
      configuration.change({ webhooks: changedWebhooks(configuration.current.webhooks, call.form) });
      return accountWebhooks(call);
    },

    'GET /Services': (call) =>
      page(configuration.current.services, {
        key: 'services',
        url: `${call.base}/Services`,
        query: call.query,
        represent: (service) => show.service(service, `${call.origin}/v1`),
      }),

    'GET /Services/:service': (call) => json(show.service(serviceOf(call), `${call.origin}/v1`)),

    'GET /Services/:service/Configuration/Webhooks': serviceWebhooks,

    'POST /Services/:service/Configuration/Webhooks': (call) => {
      const { sid, webhooks } = serviceOf(call);
      configuration.setServiceWebhooks(sid, changedWebhooks(webhooks, call.form));
      return serviceWebhooks(call);
    },
  };
}
