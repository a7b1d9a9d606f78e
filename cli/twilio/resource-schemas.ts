import * as v from 'valibot';
import type { AddressConfiguration } from './address-configuration';
import type { MessagingService, WhatsAppSender } from './messaging-api';
import type { OurNumber } from './phone-number';
import type { Webhooks } from './webhooks';

// The fields that the service reads of the resources. The official client does not validate them.

/** Twilio may return a placeholder instead of the token. */
const Token = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));

/** Twilio writes an absent value as null or as an empty string, depending on the field. */
const orNull = v.pipe(
  v.nullish(v.string(), ''),
  v.transform((text) => text || null),
);

export const AccountResource = v.pipe(
  v.object({ friendlyName: v.nullish(v.string(), ''), status: v.string(), authToken: v.unknown() }),
  v.transform(({ authToken, ...others }) => ({
    ...others,
    signingToken: v.is(Token, authToken) ? authToken : null,
  })),
);

export const NumberResource = v.pipe(
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

export const SenderResource = v.pipe(
  v.object({ sid: v.string(), senderId: v.string() }),
  v.transform(({ sid, senderId: address }): WhatsAppSender => ({ sid, address })),
);
export const PoolNumberResource = v.object({ phoneNumber: v.string() });
export const PoolSenderResource = v.object({ sender: v.string() });
export const MessagingServiceResource = v.pipe(
  v.object({
    sid: v.string(),
    friendlyName: v.nullish(v.string(), ''),
    inboundRequestUrl: orNull,
    useInboundWebhookOnNumber: v.nullish(v.boolean(), false),
  }),
  v.transform(
    ({
      inboundRequestUrl: inboundUrl,
      useInboundWebhookOnNumber: defersToSender,
      ...others
    }): MessagingService => ({
      ...others,
      inboundUrl,
      defersToSender,
    }),
  ),
);
export const ServiceResource = v.object({ sid: v.string(), friendlyName: v.nullish(v.string(), '') });
export const DefaultsResource = v.object({
  defaultChatServiceSid: orNull,
  defaultMessagingServiceSid: orNull,
});

export const WebhooksResource = v.pipe(
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
export const AddressResource = v.pipe(
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
      target: how.webhook_url ?? how.studio_flow_sid,
    }),
  ),
);

export const UserResource = v.object({ state: v.nullish(v.string(), 'active') });

/** A content template of Twilio's Content API. */
export interface ContentTemplate {
  readonly friendlyName: string;
  /** The names or numbers of its variables, in the order in which they first appear. */
  readonly variables: readonly string[];
  /** WhatsApp's status in lower case: `approved`, `pending`, `rejected`, `paused`, `disabled`, `unsubmitted` … */
  readonly status: string;
  /** Blank if WhatsApp gives none. */
  readonly rejectionReason: string;
}

const VARIABLE = /\{\{\s*([^{}]+?)\s*\}\}/g;

/** A template without its WhatsApp approval. */
export const ContentResource = v.pipe(
  v.object({
    friendlyName: v.nullish(v.string(), ''),
    variables: v.nullish(v.record(v.string(), v.unknown()), {}),
    types: v.nullish(v.record(v.string(), v.unknown()), {}),
  }),
  v.transform(({ friendlyName, variables, types }) => {
    const used = [...JSON.stringify(types).matchAll(VARIABLE)].flatMap(([, name]) => name ?? []);
    return { friendlyName, variables: [...new Set([...used, ...Object.keys(variables)])] };
  }),
);

export const ApprovalResource = v.pipe(
  v.object({
    whatsapp: v.object({
      status: v.nullish(v.string(), 'unsubmitted'),
      rejection_reason: v.nullish(v.string(), ''),
    }),
  }),
  v.transform(({ whatsapp }) => ({
    status: (whatsapp.status || 'unsubmitted').toLowerCase(),
    rejectionReason: whatsapp.rejection_reason,
  })),
);
