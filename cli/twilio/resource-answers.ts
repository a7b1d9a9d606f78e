import * as v from 'valibot';
import type { AddressConfiguration } from './address-configuration';
import type { OurNumber } from './incoming-messages';
import type { Webhooks } from './webhooks';

// The fields that the service reads of the resources. The official client does not validate them.

/** Twilio may return a placeholder instead of the token. */
const Token = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));

/** Twilio writes an absent value as null or as an empty string, depending on the field. */
const orNull = v.pipe(
  v.nullish(v.string(), ''),
  v.transform((text) => text || null),
);

export const AccountAnswer = v.pipe(
  v.object({ friendlyName: v.nullish(v.string(), ''), status: v.string(), authToken: v.unknown() }),
  v.transform(({ authToken, ...others }) => ({
    ...others,
    signingToken: v.is(Token, authToken) ? authToken : null,
  })),
);

export const NumberAnswer = v.pipe(
  v.object({
    sid: v.string(),
    phoneNumber: v.string(),
    capabilities: v.object({ sms: v.nullish(v.boolean(), false) }),
    smsUrl: orNull,
    smsApplicationSid: orNull,
  }),
  v.transform(
    ({ phoneNumber: number, capabilities, ...others }): OurNumber => ({
      number,
      canSms: capabilities.sms,
      ...others,
    }),
  ),
);

export const SenderAnswer = v.object({ senderId: v.string() });

export const ServiceAnswer = v.object({ sid: v.string(), friendlyName: v.nullish(v.string(), '') });
export const DefaultsAnswer = v.object({ defaultChatServiceSid: orNull, defaultMessagingServiceSid: orNull });

export const WebhooksAnswer = v.pipe(
  v.object({
    preWebhookUrl: orNull,
    postWebhookUrl: orNull,
    method: v.nullish(v.string(), 'POST'),
    filters: v.nullish(v.array(v.string()), []),
  }),
  v.transform(
    ({ preWebhookUrl, postWebhookUrl, method, filters }): Webhooks => ({
      preUrl: preWebhookUrl,
      postUrl: postWebhookUrl,
      method: method.toUpperCase(),
      filters,
    }),
  ),
);

const AutoCreation = v.object({
  enabled: v.nullish(v.boolean(), false),
  type: v.nullish(v.string(), 'default'),
  conversation_service_sid: orNull,
  webhook_url: orNull,
  studio_flow_sid: orNull,
});
export const AddressAnswer = v.pipe(
  v.object({
    sid: v.string(),
    address: v.string(),
    friendlyName: orNull,
    autoCreation: v.nullish(AutoCreation, {}),
  }),
  v.transform(
    ({ autoCreation: how, ...others }): AddressConfiguration => ({
      ...others,
      enabled: how.enabled,
      type: how.type,
      serviceSid: how.conversation_service_sid,
      leadsTo: how.webhook_url ?? how.studio_flow_sid,
    }),
  ),
);

export const UserAnswer = v.object({ state: v.nullish(v.string(), 'active') });

/** The fields of a content template that are needed to fill it in. */
export const ContentAnswer = v.object({
  friendlyName: v.nullish(v.string(), ''),
  variables: v.nullish(v.record(v.string(), v.unknown()), {}),
  types: v.nullish(v.record(v.string(), v.unknown()), {}),
});
export const ApprovalAnswer = v.object({
  whatsapp: v.object({
    status: v.nullish(v.string(), 'unsubmitted'),
    rejection_reason: v.nullish(v.string(), ''),
  }),
});
