import * as v from 'valibot';
import type { Routes } from '../../core/router';
import { invalidRequest, notEmulated } from '../airtable-errors';
import {
  type AirtableRequest,
  type Handler,
  notEmulatedRoutes,
  requireBase,
  requireScope,
} from '../airtable-request';
import type { BaseData } from '../base-model';
import type { Webhook } from './webhook';
import type { Webhooks } from './webhooks';

const WEBHOOKS = '/v0/bases/:base/webhooks';

/** The webhooks API (airtable.md#webhooks), for webhooks of every change of a record. */
export function webhookRoutes(base: BaseData, webhooks: Webhooks): Routes<Handler> {
  const withScope = (handler: Handler): Handler => {
    return (request) => {
      requireBase(request.grant, request.param('base'), base);
      requireScope(request.grant, 'webhook:manage');
      return handler(request);
    };
  };
  const named = (request: AirtableRequest) => webhooks.find(request.param('webhook'));
  return {
    ...notEmulatedRoutes({ [`POST ${WEBHOOKS}/:webhook/refresh`]: 'the refresh of a webhook' }),
    [`GET ${WEBHOOKS}`]: withScope(() => ({ webhooks: webhooks.list() })),
    [`POST ${WEBHOOKS}`]: withScope(({ grant, readBody }) => {
      const { notificationUrl = null } = readDraft(readBody());
      requireScope(grant, 'data.records:read');
      return created(webhooks.create(notificationUrl));
    }),
    [`GET ${WEBHOOKS}/:webhook/payloads`]: withScope((request) => {
      const webhook = named(request);
      requireScope(request.grant, 'data.records:read');
      const { success, output } = v.safeParse(
        Paging,
        Object.fromEntries(new URLSearchParams(request.search)),
      );
      // The real error is not published.
      if (!success) throw invalidRequest();
      return webhooks.payloads(webhook, output.cursor, output.limit);
    }),
    [`POST ${WEBHOOKS}/:webhook/enableNotifications`]: withScope((request) => {
      const { success, output } = v.safeParse(v.object({ enable: v.boolean() }), request.readBody());
      if (!success) throw invalidRequest();
      webhooks.setNotifications(named(request), output.enable);
    }),
    [`DELETE ${WEBHOOKS}/:webhook`]: withScope((request) => webhooks.delete(named(request))),
  };
}

function created({ id, macSecret, expiresAt }: Webhook) {
  const expirationTime = new Date(expiresAt).toISOString();
  return { id, macSecretBase64: macSecret.toString('base64'), expirationTime };
}

const WholeNumber = v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1));
const Paging = v.object({
  cursor: v.optional(WholeNumber, '1'),
  limit: v.optional(v.pipe(WholeNumber, v.maxValue(50)), '50'),
});

const DataType = v.picklist(['tableData', 'tableFields', 'tableMetadata']);
const Draft = v.strictObject({
  notificationUrl: v.optional(v.nullable(v.pipe(v.string(), v.url(), v.regex(/^https?:/)))),
  specification: v.strictObject({
    options: v.looseObject({
      filters: v.looseObject({ dataTypes: v.pipe(v.array(DataType), v.minLength(1)) }),
    }),
  }),
});

/** @throws AirtableError 422 for a body that Airtable rejects, 501 for a specification that is not emulated */
function readDraft(body: unknown): v.InferOutput<typeof Draft> {
  const { success, output } = v.safeParse(Draft, body);
  if (!success) throw invalidRequest();
  const { filters, ...others } = output.specification.options;
  const { dataTypes, ...narrowing } = filters;
  const [unsupported] = [...Object.keys(others), ...Object.keys(narrowing)];
  if (unsupported !== undefined) throw notEmulated(`${unsupported} in a webhook's specification`);
  if (dataTypes.some((type) => type !== 'tableData')) throw notEmulated('webhooks of anything but tableData');
  return output;
}
