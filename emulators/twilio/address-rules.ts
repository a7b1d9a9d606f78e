import * as v from 'valibot';
import type { AddressConfiguration, AutoCreation, ConfigurationStore } from './account-configuration';
import type { MessagingBinding } from './conversation';
import { checkNames } from './field-rules';
import { listIn, take } from './form';
import { twilioError } from './twilio-errors';

export const NO_AUTO_CREATION: AutoCreation = {
  enabled: false,
  type: 'default',
  conversationServiceSid: null,
  webhookUrl: null,
  webhookMethod: null,
  webhookFilters: [],
  studioFlowSid: null,
  studioRetryCount: null,
};

const CHANGEABLE = [
  'FriendlyName',
  'AutoCreation.Enabled',
  'AutoCreation.Type',
  'AutoCreation.ConversationServiceSid',
  'AutoCreation.WebhookUrl',
  'AutoCreation.WebhookMethod',
  'AutoCreation.WebhookFilters',
  'AutoCreation.StudioFlowSid',
  'AutoCreation.StudioRetryCount',
] as const;

const Enabled = v.pipe(
  v.picklist(['true', 'false']),
  v.transform((text) => text === 'true'),
);
const Values = v.object({
  'AutoCreation.Enabled': v.optional(Enabled),
  'AutoCreation.Type': v.optional(v.picklist(['default', 'webhook', 'studio'])),
  'AutoCreation.StudioRetryCount': v.optional(v.pipe(v.string(), v.regex(/^\d$/), v.transform(Number))),
});

/**
 * The address configuration that a form describes.
 * @param ourWhatsAppSenders addresses with the prefix `whatsapp:`; the account holds the numbers for SMS.
 * @throws {TwilioError} if the address is invalid, not ours, or configured already. Twilio's codes for these are not
 * in our copy of its dictionary, so those of participants' addresses are used.
 */
export function newAddress(
  body: URLSearchParams,
  sid: string,
  configuration: ConfigurationStore,
  ourWhatsAppSenders: readonly string[],
): AddressConfiguration {
  const form = take(body, 'Type', 'Address', ...CHANGEABLE);
  const { Type: type, Address: address = '' } = form;
  if (type !== 'sms' && type !== 'whatsapp') {
    throw twilioError('notEmulated', 'The Twilio emulator supports addresses of type sms and whatsapp');
  }
  if (channelOf(address) !== type)
    throw twilioError('addressInvalid', `${address} is not an address of type ${type}`);
  const ours =
    type === 'whatsapp'
      ? ourWhatsAppSenders.includes(address)
      : configuration.current.phoneNumbers.some(({ phoneNumber }) => phoneNumber === address);
  if (!ours) throw twilioError('proxyNotOurs', `Account is not authorized to use address ${address}`);
  if (configuration.address(address) !== undefined) throw twilioError('addressTaken');
  const { Type: _type, Address: _address, ...changes } = form;
  const blank = { sid, address, friendlyName: null, autoCreation: NO_AUTO_CREATION };
  return withChanges(blank, changes, body, configuration);
}

/** The configuration with a form's changes applied. @throws {TwilioError} for conflicting values. */
export function changedAddress(
  before: AddressConfiguration,
  body: URLSearchParams,
  configuration: ConfigurationStore,
): AddressConfiguration {
  return withChanges(before, take(body, ...CHANGEABLE), body, configuration);
}

function withChanges(
  before: AddressConfiguration,
  form: { readonly [Name in (typeof CHANGEABLE)[number]]?: string },
  body: URLSearchParams,
  configuration: ConfigurationStore,
): AddressConfiguration {
  const friendlyName = form.FriendlyName ?? before.friendlyName;
  checkNames({ friendlyName: friendlyName ?? undefined });
  const values = v.safeParse(Values, form);
  if (!values.success) {
    throw twilioError('invalidParameter', values.issues.map((issue) => issue.message).join('; '));
  }
  const was = before.autoCreation;
  const autoCreation: AutoCreation = {
    enabled: values.output['AutoCreation.Enabled'] ?? was.enabled,
    type: values.output['AutoCreation.Type'] ?? was.type,
    conversationServiceSid: form['AutoCreation.ConversationServiceSid'] ?? was.conversationServiceSid,
    webhookUrl: form['AutoCreation.WebhookUrl'] ?? was.webhookUrl,
    webhookMethod: form['AutoCreation.WebhookMethod'] ?? was.webhookMethod,
    webhookFilters: listIn(body, 'AutoCreation.WebhookFilters') ?? was.webhookFilters,
    studioFlowSid: form['AutoCreation.StudioFlowSid'] ?? was.studioFlowSid,
    studioRetryCount: values.output['AutoCreation.StudioRetryCount'] ?? was.studioRetryCount,
  };
  checkAutoCreation(autoCreation, configuration);
  return { ...before, friendlyName, autoCreation };
}

function checkAutoCreation(autoCreation: AutoCreation, configuration: ConfigurationStore): void {
  const { type, conversationServiceSid, webhookUrl, studioFlowSid } = autoCreation;
  if (conversationServiceSid !== null && configuration.service(conversationServiceSid) === undefined) {
    throw twilioError('invalidParameter', `No conversation service ${conversationServiceSid}`);
  }
  if (type === 'webhook' && webhookUrl === null) {
    throw twilioError('invalidParameter', 'AutoCreation.WebhookUrl is missing');
  }
  if (type === 'studio' && studioFlowSid === null) {
    throw twilioError('invalidParameter', 'AutoCreation.StudioFlowSid is missing');
  }
}

const ADDRESS = /^(whatsapp:)?\+[1-9]\d{6,14}$/;

/** A WhatsApp user id, the address of a customer who shares no number (twilio.md#whatsapp-user-ids). */
const WHATSAPP_USER_ID = /^whatsapp:[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;

/** The channel of an address; undefined if it is neither a number in E.164 nor a WhatsApp user id. */
export function channelOf(address: string): MessagingBinding['type'] | undefined {
  if (WHATSAPP_USER_ID.test(address)) return 'whatsapp';
  const match = ADDRESS.exec(address);
  if (match === null) return undefined;
  return match[1] === undefined ? 'sms' : 'whatsapp';
}

/**
 * Pairs a customer's address with one of our numbers.
 * @param ourNumbers the senders of the account; an empty list skips the check of the proxy's owner.
 * @throws {TwilioError} 50407-50415 (twilio.md#rest-requests).
 */
export function bind(
  address: string | undefined,
  proxyAddress: string | undefined,
  ourNumbers: readonly string[],
): MessagingBinding {
  if (!address) throw twilioError('addressEmpty');
  if (!proxyAddress) throw twilioError('proxyEmpty');
  const type = channelOf(address);
  const proxyType = channelOf(proxyAddress);
  if (type === undefined) throw twilioError('addressInvalid');
  if (proxyType === undefined) throw twilioError('proxyInvalid');
  if (address === proxyAddress) throw twilioError('addressIsProxy');
  // A number of the account cannot be a customer's.
  if (ourNumbers.includes(address)) throw twilioError('addressInvalid');
  if (type !== proxyType) throw twilioError('channelsDiffer');
  if (ourNumbers.length > 0 && !ourNumbers.includes(proxyAddress)) {
    const onlySms = type === 'whatsapp' && ourNumbers.includes(proxyAddress.replace('whatsapp:', ''));
    throw twilioError(onlySms ? 'proxyNotWhatsApp' : 'proxyNotOurs');
  }
  return { type, address, proxyAddress };
}
