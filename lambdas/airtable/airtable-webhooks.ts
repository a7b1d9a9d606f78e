import * as v from 'valibot';
import { type AirtableAccess, type AirtableClient, withFewer } from './airtable-client';

/** A webhook of the base, as `listWebhooks` shows it. */
export interface Webhook {
  readonly id: string;
  /** Null for a webhook that is polled only. */
  readonly notificationUrl: string | null;
  /** False once Airtable has stopped pinging; payloads are still kept. */
  readonly areNotificationsEnabled: boolean;
  /** False for a dead webhook, which must be created again. */
  readonly isHookEnabled: boolean;
  readonly cursorForNextPayload: number;
  /** ISO 8601; null for a webhook that does not expire. */
  readonly expirationTime: string | null;
  /** Why the last ping failed; null where it succeeded, or there was none. */
  readonly lastFailure: string | null;
}

export interface CreatedWebhook {
  readonly id: string;
  /** Airtable shows it only once. */
  readonly macSecretBase64: string;
  readonly expirationTime: string | null;
}

/** The records of one table that changed. */
export interface TableChanges {
  readonly tableId: string;
  /** Created or changed. */
  readonly changedRecordIds: readonly string[];
  readonly destroyedRecordIds: readonly string[];
}

/** The changes of one transaction in the base, without cell values. */
export interface Payload {
  /** When it happened, milliseconds since the epoch; null where Airtable does not say. */
  readonly at: number | null;
  /**
   * Why changes may have been missed: the webhook is dead (INVALID_FILTERS, INVALID_HOOK, INTERNAL_ERROR), or the
   * payload is unreadable. Null for changes.
   */
  readonly error: string | null;
  /** A destroyed table is one without records. */
  readonly tables: readonly TableChanges[];
}

export interface PayloadPage {
  readonly payloads: readonly Payload[];
  /** The cursor of the next request. */
  readonly cursor: number;
  readonly mightHaveMore: boolean;
}

/** The webhooks of a base (airtable.md#webhooks). Every method throws the errors of `AirtableClient`. */
export class AirtableWebhooks {
  readonly #path: string;

  constructor(
    { baseId }: Pick<AirtableAccess, 'baseId'>,
    private readonly client: AirtableClient,
  ) {
    this.#path = `bases/${baseId}/webhooks`;
  }

  async listWebhooks(): Promise<readonly Webhook[]> {
    const { webhooks } = await this.client.call({
      method: 'GET',
      path: this.#path,
      idempotent: true,
      answer: v.object({ webhooks: v.array(WebhookAnswer) }),
    });
    return webhooks;
  }

  /**
   * Creates a webhook for every change of a record in the base.
   * @throws {UnknownOutcomeError} where it is unknown whether the webhook was created.
   */
  createWebhook({ notificationUrl }: { readonly notificationUrl: string | null }): Promise<CreatedWebhook> {
    return this.client.call({
      method: 'POST',
      path: this.#path,
      body: {
        ...(notificationUrl !== null && { notificationUrl }),
        specification: { options: { filters: { dataTypes: ['tableData'] } } },
      },
      idempotent: false,
      answer: CreatedAnswer,
    });
  }

  /** @throws {GoneOrForbiddenError} where the webhook does not exist, or the token may not delete it. */
  async deleteWebhook(id: string): Promise<void> {
    await this.client.call({
      method: 'DELETE',
      path: this.#pathOf(id),
      idempotent: true,
      answer: v.unknown(),
    });
  }

  /** Makes Airtable ping again after it has stopped. */
  async enableNotifications(id: string): Promise<void> {
    await this.client.call({
      method: 'POST',
      path: `${this.#pathOf(id)}/enableNotifications`,
      body: { enable: true },
      idempotent: true,
      answer: v.unknown(),
    });
  }

  /**
   * Payloads from the cursor on, up to 50; fewer where they are too large for one response. Each listing extends the
   * life of a live webhook by 7 days.
   * @throws {GoneOrForbiddenError} where the webhook no longer exists.
   * @throws {AirtableApiError} for an unknown cursor.
   */
  listPayloads(id: string, cursor: number): Promise<PayloadPage> {
    return withFewer(PAYLOAD_LIMITS, (limit) => this.#listPayloads(id, cursor, limit));
  }

  #listPayloads(id: string, cursor: number, limit: number): Promise<PayloadPage> {
    return this.client.call({
      method: 'GET',
      path: `${this.#pathOf(id)}/payloads?cursor=${cursor}&limit=${limit}`,
      idempotent: true,
      answer: PayloadsAnswer,
    });
  }

  #pathOf(id: string): string {
    return `${this.#path}/${encodeURIComponent(id)}`;
  }
}

const PAYLOAD_LIMITS = [50, 10, 1] as const;

const optionalText = v.optional(v.nullable(v.string()), null);

const NotificationResult = v.object({
  success: v.boolean(),
  error: v.optional(v.object({ message: v.string() }), { message: 'unknown' }),
});

const WebhookAnswer = v.pipe(
  v.object({
    id: v.string(),
    notificationUrl: optionalText,
    areNotificationsEnabled: v.boolean(),
    isHookEnabled: v.boolean(),
    cursorForNextPayload: v.number(),
    expirationTime: optionalText,
    lastNotificationResult: v.fallback(v.nullable(NotificationResult), null),
  }),
  v.transform(({ lastNotificationResult: result, ...webhook }): Webhook => {
    return { ...webhook, lastFailure: result === null || result.success ? null : result.error.message };
  }),
);

const CreatedAnswer = v.object({
  id: v.string(),
  macSecretBase64: v.string(),
  expirationTime: optionalText,
});

const recordIds = v.pipe(v.optional(v.record(v.string(), v.unknown()), {}), v.transform(Object.keys));

const TableAnswer = v.object({
  createdRecordsById: recordIds,
  changedRecordsById: recordIds,
  destroyedRecordIds: v.optional(v.array(v.string()), []),
});

const ErrorPayload = v.pipe(
  v.object({ error: v.literal(true), code: v.optional(v.string(), 'unknown') }),
  v.transform(({ code }): Payload => ({ at: null, error: code, tables: [] })),
);

const ChangePayload = v.pipe(
  v.object({
    // A payload marked as an error that cannot be read as one is not a list of changes either.
    error: v.optional(v.literal(false)),
    timestamp: v.optional(v.string(), ''),
    changedTablesById: v.optional(v.record(v.string(), TableAnswer), {}),
    destroyedTableIds: v.optional(v.array(v.string()), []),
  }),
  v.transform(({ timestamp, changedTablesById, destroyedTableIds }): Payload => {
    const at = Date.parse(timestamp);
    const changed = Object.entries(changedTablesById).map(([tableId, table]) => ({
      tableId,
      changedRecordIds: [...table.createdRecordsById, ...table.changedRecordsById],
      destroyedRecordIds: table.destroyedRecordIds,
    }));
    const destroyed = destroyedTableIds.map((tableId) => ({
      tableId,
      changedRecordIds: [],
      destroyedRecordIds: [],
    }));
    return { at: Number.isNaN(at) ? null : at, error: null, tables: [...changed, ...destroyed] };
  }),
);

const UNREADABLE: Payload = { at: null, error: 'an unreadable payload', tables: [] };

const PayloadsAnswer = v.object({
  payloads: v.array(v.fallback(v.union([ErrorPayload, ChangePayload]), UNREADABLE)),
  cursor: v.number(),
  mightHaveMore: v.boolean(),
});
