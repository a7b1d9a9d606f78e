import * as v from 'valibot';
import { requireRole, requireScope, type TokenGrant } from '../access';
import { invalidRequest } from '../airtable-errors';
import type { BaseData } from '../base-model';
import type { Query } from '../query-string';
import type { WebhookRoute } from '../routes';
import { type DataType, readWebhookDraft } from './specification';
import type { Webhook } from './webhook';
import type { Webhooks } from './webhooks';

export interface WebhookRequest {
  readonly route: WebhookRoute;
  readonly query: Query;
  readonly readBody: () => unknown;
}

/**
 * Handles requests to the webhooks API (airtable.md#webhooks).
 * @returns the body; undefined for an empty one
 */
export function handleWebhookRequest(
  { route, query, readBody }: WebhookRequest,
  grant: TokenGrant,
  base: BaseData,
  webhooks: Webhooks,
): unknown {
  requireScope(grant, 'webhook:manage');
  const { registry } = webhooks;
  switch (route.kind) {
    case 'list-webhooks':
      return { webhooks: webhooks.list() };
    case 'create-webhook':
      requireRole(grant, 'create');
      return createWebhook(readBody(), grant, base, webhooks);
    case 'webhook-payloads': {
      const webhook = registry.find(route.webhookId);
      requireDataScopes(grant, webhook.specification.options.filters.dataTypes);
      const { cursor, limit } = readPaging(query);
      return registry.payloads(webhook, cursor, limit);
    }
    case 'refresh-webhook': {
      const webhook = found(route.webhookId, grant, webhooks);
      registry.refresh(webhook);
      return expiration(webhook);
    }
    case 'enable-notifications':
      webhooks.setNotifications(found(route.webhookId, grant, webhooks), readEnable(readBody()));
      return undefined;
    case 'delete-webhook':
      webhooks.delete(found(route.webhookId, grant, webhooks));
      return undefined;
  }
}

function createWebhook(body: unknown, grant: TokenGrant, base: BaseData, { registry }: Webhooks) {
  const draft = readWebhookDraft(body, base);
  requireDataScopes(grant, draft.specification.options.filters.dataTypes);
  const webhook = registry.create(draft);
  const { id, macSecret } = webhook;
  return { id, macSecretBase64: macSecret.toString('base64'), ...expiration(webhook) };
}

function found(id: string, grant: TokenGrant, { registry }: Webhooks): Webhook {
  requireRole(grant, 'create');
  return registry.find(id);
}

/** Reading a webhook's data requires the scope for that data (airtable.md#authentication-and-scopes). */
function requireDataScopes(grant: TokenGrant, dataTypes: readonly DataType[]): void {
  for (const type of dataTypes)
    requireScope(grant, type === 'tableData' ? 'data.records:read' : 'schema.bases:read');
}

function expiration({ expiresAt }: Webhook) {
  return { expirationTime: new Date(expiresAt).toISOString() };
}

const WholeNumber = v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1));
const Paging = v.object({
  cursor: v.optional(WholeNumber, '1'),
  limit: v.optional(v.pipe(WholeNumber, v.maxValue(50)), '50'),
});

/** @throws AirtableError 422; the real error is not published */
function readPaging(query: Query) {
  const { success, output } = v.safeParse(Paging, query);
  if (!success) throw invalidRequest();
  return output;
}

const Enable = v.object({ enable: v.boolean() });

function readEnable(body: unknown): boolean {
  const { success, output } = v.safeParse(Enable, body);
  if (!success) throw invalidRequest();
  return output.enable;
}
