import { json } from '../core/http-response';
import {
  type ConfigurationStore,
  CREATED,
  type MessagingService,
  phoneNumberSid,
  whatsappSenderSid,
} from './account-configuration';
import { MESSAGING_PATH } from './authentication';
import { formOf, take } from './form';
import { page } from './paging';
import type { RestCall, RestRoutes } from './rest-call';
import type { SidSource } from './sids';
import { notFound, twilioError } from './twilio-errors';

interface Messaging {
  readonly accountSid: string;
  readonly configuration: ConfigurationStore;
  readonly sids: SidSource;
}

const MAX_SERVICES = 100;

/**
 * Messaging services with their senders, and the account's WhatsApp senders (twilio.md#messaging-services). Their host
 * has paths that Conversations have too, so that they are below a path of their own here.
 */
export function messagingRoutes({ accountSid, configuration, sids }: Messaging): RestRoutes {
  const services = `${MESSAGING_PATH}/v1/Services`;
  const senders = `${MESSAGING_PATH}/v2/Channels/Senders`;

  function serviceOf(call: RestCall): MessagingService {
    const sid = call.param('service');
    const service = configuration.current.messagingServices.find((one) => one.sid === sid);
    if (service === undefined) throw notFound(call.path);
    return service;
  }

  function keep(service: MessagingService): MessagingService {
    const others = configuration.current.messagingServices.filter(({ sid }) => sid !== service.sid);
    configuration.change({ messagingServices: [...others, service] });
    return service;
  }

  /** Adds a sender to a service. @throws {TwilioError} because a sender is in one service at most */
  function addSender(service: MessagingService, sender: string): void {
    const holder = configuration.current.messagingServices.find((one) => one.senders.includes(sender));
    if (holder?.sid === service.sid) throw twilioError('senderInService');
    if (holder !== undefined) throw twilioError('senderInOtherService');
    keep({ ...service, senders: [...service.senders, sender] });
  }

  const shown = (service: MessagingService, { origin }: RestCall) => {
    const url = `${origin}${services}/${service.sid}`;
    return {
      account_sid: accountSid,
      sid: service.sid,
      friendly_name: service.friendlyName,
      inbound_request_url: service.inboundRequestUrl,
      use_inbound_webhook_on_number: service.defersToSender,
      ...UNUSED_SETTINGS,
      ...CREATED,
      url,
      links: { phone_numbers: `${url}/PhoneNumbers`, messages: `${url}/Messages` },
    };
  };

  const shownNumber = (phoneNumber: string, service: MessagingService, { origin }: RestCall) => {
    const sid = phoneNumberSid({ phoneNumber });
    return {
      account_sid: accountSid,
      service_sid: service.sid,
      sid,
      phone_number: phoneNumber,
      country_code: 'US',
      capabilities: ['MMS', 'SMS', 'Voice'],
      ...CREATED,
      url: `${origin}${services}/${service.sid}/PhoneNumbers/${sid}`,
    };
  };

  const shownSender = (sender: string, service: MessagingService, { origin }: RestCall) => {
    const sid = whatsappSenderSid(sender);
    return {
      account_sid: accountSid,
      messaging_service_sid: service.sid,
      sid,
      sender,
      sender_type: 'WhatsApp',
      country_code: 'US',
      ...CREATED,
      url: `${origin}${services}/${service.sid}/ChannelSenders/${sid}`,
    };
  };

  const numbersOf = ({ senders: all }: MessagingService) => all.filter((one) => !isWhatsApp(one));
  const channelsOf = ({ senders: all }: MessagingService) => all.filter(isWhatsApp);

  return {
    [`GET ${services}`]: (call) =>
      page(configuration.current.messagingServices, {
        key: 'services',
        url: `${call.origin}${services}`,
        query: call.query,
        maxPageSize: MAX_SERVICES,
        represent: (service) => shown(service, call),
      }),

    [`POST ${services}`]: (call) => {
      const blank = { sid: sids.next('MG'), friendlyName: '', senders: [], ...NO_INBOUND };
      const service = changed(blank, call);
      if (service.friendlyName === '') throw twilioError('invalidParameter', 'FriendlyName is missing');
      return json(shown(keep(service), call), 201);
    },

    [`GET ${services}/:service`]: (call) => json(shown(serviceOf(call), call)),

    [`POST ${services}/:service`]: (call) => json(shown(keep(changed(serviceOf(call), call)), call)),

    [`GET ${services}/:service/PhoneNumbers`]: (call) => {
      const service = serviceOf(call);
      return page(numbersOf(service), {
        key: 'phone_numbers',
        url: `${call.origin}${call.path}`,
        query: call.query,
        maxPageSize: 1_000,
        represent: (number) => shownNumber(number, service, call),
      });
    },

    [`GET ${services}/:service/PhoneNumbers/:sid`]: (call) => {
      const service = serviceOf(call);
      const number = numbersOf(service).find(
        (phoneNumber) => phoneNumberSid({ phoneNumber }) === call.param('sid'),
      );
      if (number === undefined) throw notFound(call.path);
      return json(shownNumber(number, service, call));
    },

    [`POST ${services}/:service/PhoneNumbers`]: (call) => {
      const { PhoneNumberSid = '' } = take(call.form, 'PhoneNumberSid');
      const number = configuration.current.phoneNumbers.find((one) => phoneNumberSid(one) === PhoneNumberSid);
      if (number === undefined) throw twilioError('phoneNumberInvalid');
      const service = serviceOf(call);
      addSender(service, number.phoneNumber);
      return json(shownNumber(number.phoneNumber, service, call));
    },

    [`GET ${services}/:service/ChannelSenders`]: (call) => {
      const service = serviceOf(call);
      return page(channelsOf(service), {
        key: 'senders',
        url: `${call.origin}${call.path}`,
        query: call.query,
        maxPageSize: 1_000,
        represent: (sender) => shownSender(sender, service, call),
      });
    },

    [`GET ${services}/:service/ChannelSenders/:sid`]: (call) => {
      const service = serviceOf(call);
      const sender = channelsOf(service).find((one) => whatsappSenderSid(one) === call.param('sid'));
      if (sender === undefined) throw notFound(call.path);
      return json(shownSender(sender, service, call));
    },

    [`POST ${services}/:service/ChannelSenders`]: (call) => {
      const { Sid = '' } = take(call.form, 'Sid');
      const sender = configuration.current.whatsappSenders.find((one) => whatsappSenderSid(one) === Sid);
      if (sender === undefined) throw notFound(call.path);
      const service = serviceOf(call);
      addSender(service, sender);
      return json(shownSender(sender, service, call), 201);
    },

    [`GET ${senders}`]: (call) => {
      const { Channel: channel = '' } = formOf(call.query);
      const found = channel === 'whatsapp' ? configuration.current.whatsappSenders : [];
      return page(found, {
        key: 'senders',
        url: `${call.origin}${senders}`,
        query: call.query,
        filters: ['Channel'],
        maxPageSize: 100,
        represent: (sender) => accountSender(sender, `${call.origin}${senders}`),
      });
    },

    [`GET ${senders}/:sid`]: (call) => {
      const { whatsappSenders } = configuration.current;
      const sender = whatsappSenders.find((one) => whatsappSenderSid(one) === call.param('sid'));
      if (sender === undefined) throw notFound(call.path);
      return json(accountSender(sender, `${call.origin}${senders}`));
    },
  };
}

const NO_INBOUND = { inboundRequestUrl: null, defersToSender: false };

/** Settings of a new service that neither the service nor its commands use. */
const UNUSED_SETTINGS = {
  area_code_geomatch: true,
  fallback_method: 'POST',
  fallback_to_long_code: true,
  fallback_url: null,
  inbound_method: 'POST',
  mms_converter: true,
  scan_message_content: 'inherit',
  smart_encoding: true,
  status_callback: null,
  sticky_sender: true,
  synchronous_validation: false,
  us_app_to_person_registered: false,
  usecase: 'undeclared',
  validity_period: 36_000,
} as const;

function changed(service: MessagingService, { form }: RestCall): MessagingService {
  const fields = take(form, 'FriendlyName', 'InboundRequestUrl', 'UseInboundWebhookOnNumber');
  const { InboundRequestUrl: url, UseInboundWebhookOnNumber: defers } = fields;
  return {
    ...service,
    friendlyName: fields.FriendlyName ?? service.friendlyName,
    inboundRequestUrl: url === undefined ? service.inboundRequestUrl : url || null,
    defersToSender: defers === undefined ? service.defersToSender : defers === 'true',
  };
}

function accountSender(sender: string, url: string) {
  const sid = whatsappSenderSid(sender);
  return {
    sid,
    status: 'ONLINE',
    sender_id: sender,
    friendly_name: null,
    configuration: null,
    webhook: null,
    profile: null,
    properties: null,
    offline_reasons: null,
    compliance: null,
    url: `${url}/${sid}`,
  };
}

function isWhatsApp(sender: string): boolean {
  return sender.startsWith('whatsapp:');
}
