import {
  type AccountConfiguration,
  type AddressConfiguration,
  type ConversationService,
  type PhoneNumber,
  phoneNumberSid,
} from './account-configuration';
import { channelOf } from './messaging-binding';

/** Creation date of every resource: one value, because no client reads it. */
const CREATED = { date_created: '2023-01-02T03:04:05Z', date_updated: '2023-01-02T03:04:05Z' };
/** The same date, in the oldest API's format. */
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
