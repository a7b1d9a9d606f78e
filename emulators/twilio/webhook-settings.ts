import * as v from 'valibot';
import type { WebhookSettings } from './account-configuration';
import { listIn, take } from './form';
import { twilioError } from './twilio-errors';

/** Every event that a filter can name (twilio.md#events-before-an-action, twilio.md#events-after-an-action). */
const EVENTS = [
  ...['onConversationAdd', 'onConversationAdded', 'onConversationUpdate', 'onConversationUpdated'],
  ...['onConversationRemove', 'onConversationRemoved', 'onConversationStateUpdated'],
  ...['onParticipantAdd', 'onParticipantAdded', 'onParticipantUpdate', 'onParticipantUpdated'],
  ...['onParticipantRemove', 'onParticipantRemoved', 'onMessageAdd', 'onMessageAdded'],
  ...['onMessageUpdate', 'onMessageUpdated', 'onMessageRemove', 'onMessageRemoved'],
  ...['onDeliveryUpdated', 'onUserAdded', 'onUserUpdate', 'onUserUpdated'],
];

const url = v.optional(
  v.pipe(
    v.string(),
    v.regex(/^(https?:\/\/\S+)?$/, 'is not a URL'),
    v.transform((text) => text || null),
  ),
);
const Changes = v.object({
  preUrl: url,
  postUrl: url,
  filters: v.optional(v.array(v.picklist(EVENTS, 'names an unknown event'))),
  method: v.optional(v.picklist(['GET', 'POST'], 'is neither GET nor POST')),
});

/**
 * The settings with a form's changes applied: an absent parameter keeps its value, a blank one removes it.
 * @throws {TwilioError} 20001 for an invalid value.
 */
export function changedWebhooks(before: WebhookSettings, body: URLSearchParams): WebhookSettings {
  const form = take(body, 'PreWebhookUrl', 'PostWebhookUrl', 'Filters', 'Method');
  const changes = v.safeParse(Changes, {
    preUrl: form.PreWebhookUrl,
    postUrl: form.PostWebhookUrl,
    filters: listIn(body, 'Filters'),
    method: form.Method,
  });
  if (!changes.success) {
    const problems = changes.issues.map((issue) => `${v.getDotPath(issue)} ${issue.message}`);
    throw twilioError('invalidParameter', problems.join('; '));
  }
  const { preUrl, postUrl, filters, method } = changes.output;
  return {
    preUrl: preUrl === undefined ? before.preUrl : preUrl,
    postUrl: postUrl === undefined ? before.postUrl : postUrl,
    filters: filters ?? before.filters,
    method: method ?? before.method,
  };
}

/** The settings as REST returns them. */
export function shownWebhooks({ preUrl, postUrl, filters, method }: WebhookSettings) {
  return { pre_webhook_url: preUrl, post_webhook_url: postUrl, filters, method };
}
