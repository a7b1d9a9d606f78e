import type { AirtableClient } from '../airtable/airtable-client';
import { GoneOrForbiddenError, isListIteratorExpired, tableOutOfReach } from '../airtable/airtable-errors';
import type { AirtableRecord, Records } from '../airtable/airtable-records';
import { COLUMN, type Column, CUSTOMERS, TEMPLATES } from '../airtable/columns';
import { type MappingOptions, mapCustomer, mappingVersionFor } from '../airtable/customer-record';
import { writeOptOut } from '../airtable/opt-out-cells';
import { readTemplates } from '../airtable/template-record';
import { errorMessage, ServiceUnavailableError } from '../errors';
import type {
  BaseSchema,
  ReadRecord,
  ReadRecords,
  RequiredColumn,
  SyncBase,
  SyncWebhooks,
} from './sync-base';

const COLUMNS: Readonly<Record<RequiredColumn, string>> = {
  optOut: COLUMN.optOut,
  sms: COLUMN.sms,
  whatsapp: COLUMN.whatsapp,
  owner: COLUMN.owner,
  name: COLUMN.name,
};

export interface AirtableSyncOptions extends MappingOptions {
  /** The view that gives the templates their order. */
  readonly templatesView: string;
  readonly onWarning: (message: string) => void;
}

/** Adapts the team's base to sync. */
export function airtableSyncBase(
  client: AirtableClient,
  webhooks: SyncWebhooks,
  options: AirtableSyncOptions,
): SyncBase {
  const map = ({ records, readAt }: Records): ReadRecords => ({
    records: records.map((record) => mapRecord(record, options)),
    readAt,
  });
  return {
    mappingVersion: mappingVersionFor(options.defaultCountry),
    listCustomers: (offset) =>
      explaining(CUSTOMERS, async () => {
        const page = await client.list(CUSTOMERS, offset === null ? {} : { offset });
        return { ...map(page), offset: page.offset ?? null };
      }),
    customersByRecordId: (recordIds) =>
      explaining(CUSTOMERS, async () => map(await client.listByIds(CUSTOMERS, recordIds))),
    listTemplates: () =>
      explaining(TEMPLATES, () =>
        readTemplates(client, options.templatesView, () =>
          options.onWarning(`The table ${TEMPLATES} has no view ${options.templatesView}`),
        ),
      ),
    missingColumns: (columns) =>
      explaining(CUSTOMERS, () =>
        client.missingFields(
          CUSTOMERS,
          columns.map((column) => COLUMNS[column]),
        ),
      ),
    readSchema: () => readSchema(client),
    writeOptOut: (recordIds, value) => writeOptOut(client, recordIds, value),
    webhooks,
  };
}

function mapRecord(record: AirtableRecord, options: MappingOptions): ReadRecord {
  try {
    return { recordId: record.id, mapped: mapCustomer(record, options) };
  } catch (error) {
    return { recordId: record.id, fault: errorMessage(error) };
  }
}

async function readSchema(client: AirtableClient): Promise<BaseSchema | null> {
  try {
    const tables = await client.tables();
    const table = tables.find(({ name }) => name === CUSTOMERS);
    const fields = table?.fields ?? [];
    const owner = fields.find(({ name }) => name === COLUMN.owner);
    const idOf = (column: Column) => fields.find(({ name }) => name === column)?.id ?? null;
    return {
      tables: new Map(tables.map(({ id, name }) => [id, kindOf(name)])),
      ownerColumn:
        owner === undefined ? 'unknown' : owner.type === 'singleCollaborator' ? 'collaborator' : 'text',
      schemaIds: {
        table: table?.id ?? null,
        optOut: idOf(COLUMN.optOut),
        sms: idOf(COLUMN.sms),
        whatsapp: idOf(COLUMN.whatsapp),
      },
    };
  } catch (error) {
    if (error instanceof GoneOrForbiddenError) return null;
    throw error;
  }
}

function kindOf(tableName: string): 'customers' | 'templates' | 'other' {
  if (tableName === CUSTOMERS) return 'customers';
  return tableName === TEMPLATES ? 'templates' : 'other';
}

/** Maps Airtable's errors to those of a run of sync. */
async function explaining<T>(table: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof GoneOrForbiddenError) throw tableOutOfReach(table, error);
    if (isListIteratorExpired(error)) {
      throw new ServiceUnavailableError(
        `Airtable's list iterator expired while paging through ${table}; the next run reads it from the start`,
        1,
        {
          cause: error,
        },
      );
    }
    throw error;
  }
}
