import { AirtableApiError, UnknownOutcomeError } from '../../lambdas/airtable/airtable-errors';
import type { Change } from '../plan/plan';
import type { Creation } from './compare-schema';
import { tableDraft } from './expected-schema';
import type { PacedBase } from './rate-limited-base';
import { findField, findTable, typeName } from './schema';

/** The change that creates a missing table or column. */
export function creationOf(creation: Creation, base: PacedBase): Change {
  if (creation.kind === 'table') {
    const draft = tableDraft(creation.table);
    return {
      summary: `Create the table ${draft.name}`,
      diff: draft.fields.map(({ name, type }) => ({
        what: `column ${name}`,
        from: null,
        to: typeName(type),
      })),
      apply: () =>
        createOnce(
          () => base.createTable(draft),
          async () => findTable(await base.readSchema(), draft.name) !== undefined,
        ),
    };
  }
  const { table, draft } = creation;
  return {
    summary: `Create the column ${draft.name} in ${table.name}`,
    diff: [{ what: `${table.name}.${draft.name}`, from: null, to: typeName(draft.type) }],
    apply: () =>
      createOnce(
        () => base.createField(table.id, draft),
        async () => {
          const found = findTable(await base.readSchema(), table.name);
          return found !== undefined && findField(found, draft.name) !== undefined;
        },
      ),
  };
}

const ATTEMPTS = 3;
const NAME_TAKEN: ReadonlySet<string> = new Set(['DUPLICATE_TABLE_NAME', 'DUPLICATE_OR_EMPTY_FIELD_NAME']);

/** Creates an item with a unique name, so that one that exists already, whether ours or not, can be detected. */
async function createOnce(create: () => Promise<unknown>, isThere: () => Promise<boolean>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await create();
      return;
    } catch (error) {
      const isLost = error instanceof UnknownOutcomeError;
      const mayBeThere = isLost || (error instanceof AirtableApiError && NAME_TAKEN.has(error.type));
      if (!mayBeThere) throw error;
      if (await isThere()) return;
      if (!isLost || attempt === ATTEMPTS) throw error;
    }
  }
}
