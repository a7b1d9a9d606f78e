import { json } from '../core/http-response';
import {
  type AccountConfiguration,
  type AddressConfiguration,
  type ConfigurationStore,
  type ConversationService,
  CREATED,
  NO_WEBHOOKS,
  type PhoneNumber,
  phoneNumberSid,
} from './account-configuration';
import { channelOf } from './address-rules';
import { checkNames } from './field-rules';
import { take } from './form';
import { page } from './paging';
import type { RestCall, RestRoutes } from './rest-call';
import type { SidSource } from './sids';
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
  sids: SidSource,
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

    'POST /Services': (call) => {
      const { FriendlyName: friendlyName = '' } = take(call.form, 'FriendlyName');
      if (friendlyName === '') throw twilioError('invalidParameter', 'FriendlyName is missing');
      checkNames({ friendlyName });
      const service = { sid: sids.next('IS'), friendlyName, webhooks: NO_WEBHOOKS };
      configuration.change({ services: [...configuration.current.services, service] });
      return json(show.service(service, `${call.origin}/v1`), 201);
    },

    'GET /Services/:service': (call) => json(show.service(serviceOf(call), `${call.origin}/v1`)),

    'GET /Services/:service/Configuration/Webhooks': serviceWebhooks,

    'POST /Services/:service/Configuration/Webhooks': (call) => {
      const { sid, webhooks } = serviceOf(call);
      configuration.setServiceWebhooks(sid, changedWebhooks(webhooks, call.form));
      return serviceWebhooks(call);
    },
  };
}

/** `CREATED` in the oldest API's format. */
const CREATED_RFC_2822 = 'Mon, 02 Jan 2023 03:04:05 +0000';

/** Settings of a new number that neither the service nor its commands use. */
const UNUSED_NUMBER_SETTINGS = {
  address_requirements: 'none',
  address_sid: null,
  api_version: '2010-04-01',
  beta: false,
  bundle_sid: null,
  emergency_address_sid: null,
  emergency_address_status: 'unregistered',
  emergency_status: 'Active',
  identity_sid: null,
  origin: 'twilio',
  sms_fallback_method: 'POST',
  sms_fallback_url: '',
  status: 'in-use',
  status_callback: '',
  status_callback_method: 'POST',
  trunk_sid: null,
  type: 'local',
  voice_application_sid: null,
  voice_caller_id_lookup: false,
  voice_fallback_method: 'POST',
  voice_fallback_url: '',
  voice_method: 'POST',
  voice_receive_mode: 'voice',
  voice_url: '',
} as const;

/** The name that Twilio gives a number: formatted nationally in the US and Canada, else the number itself. */
export function friendlyNameOf(phoneNumber: string): string {
  return phoneNumber.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '($1) $2-$3');
}

/** An account's configuration as REST returns it (twilio.md#rest-requests, twilio.md#configuration). */
export class ConfigurationRepresentation {
  constructor(
    readonly accountSid: string,
    readonly authToken: string,
  ) {}

  configuration(configuration: AccountConfiguration, base: string) {
    const { defaultChatServiceSid, defaultMessagingServiceSid } = configuration;
    return {
      account_sid: this.accountSid,
      default_chat_service_sid: defaultChatServiceSid,
      default_messaging_service_sid: defaultMessagingServiceSid,
      default_inactive_timer: configuration.defaultInactiveTimer,
      default_closed_timer: configuration.defaultClosedTimer,
      url: `${base}/Configuration`,
      links: {
        service: `${base}/Services/${defaultChatServiceSid}`,
        webhooks: `${base}/Configuration/Webhooks`,
      },
    };
  }

  service({ sid, friendlyName }: ConversationService, base: string) {
    const url = `${base}/Services/${sid}`;
    return {
      account_sid: this.accountSid,
      sid,
      friendly_name: friendlyName,
      ...CREATED,
      url,
      links: { configuration: `${url}/Configuration`, conversations: `${url}/Conversations` },
    };
  }

  /** An address shows only the settings of its own type, webhook or Studio. */
  address({ sid, address, friendlyName, autoCreation }: AddressConfiguration, base: string) {
    const { type } = autoCreation;
    return {
      account_sid: this.accountSid,
      sid,
      type: channelOf(address),
      address,
      friendly_name: friendlyName,
      address_country: null,
      auto_creation: {
        enabled: autoCreation.enabled,
        type,
        conversation_service_sid: autoCreation.conversationServiceSid,
        ...(type === 'webhook' && {
          webhook_url: autoCreation.webhookUrl,
          webhook_method: autoCreation.webhookMethod,
          webhook_filters: autoCreation.webhookFilters,
        }),
        ...(type === 'studio' && {
          studio_flow_sid: autoCreation.studioFlowSid,
          studio_retry_count: autoCreation.studioRetryCount,
        }),
      },
      ...CREATED,
      url: `${base}/Configuration/Addresses/${sid}`,
    };
  }

  account({ friendlyName, status }: AccountConfiguration) {
    const uri = `/2010-04-01/Accounts/${this.accountSid}`;
    return {
      sid: this.accountSid,
      auth_token: this.authToken,
      owner_account_sid: this.accountSid,
      friendly_name: friendlyName,
      status,
      type: 'Full',
      date_created: CREATED_RFC_2822,
      date_updated: CREATED_RFC_2822,
      uri: `${uri}.json`,
      subresource_uris: { incoming_phone_numbers: `${uri}/IncomingPhoneNumbers.json` },
    };
  }

  phoneNumber(number: PhoneNumber) {
    const sid = phoneNumberSid(number);
    return {
      sid,
      account_sid: this.accountSid,
      phone_number: number.phoneNumber,
      friendly_name: friendlyNameOf(number.phoneNumber),
      capabilities: { voice: true, sms: number.canSms, mms: number.canSms, fax: false },
      sms_url: number.smsUrl,
      sms_method: 'POST',
      sms_application_sid: number.smsApplicationSid,
      ...UNUSED_NUMBER_SETTINGS,
      date_created: CREATED_RFC_2822,
      date_updated: CREATED_RFC_2822,
      uri: `/2010-04-01/Accounts/${this.accountSid}/IncomingPhoneNumbers/${sid}.json`,
    };
  }
}
