import { AnswerLostError, Rejected } from '../../lambdas/airtable/airtable-errors';
import type { Change } from '../plan/plan';
import type { SchemaProblem } from './compare-schema';
import { tableDraft } from './expected-schema';
import type { PacedBase } from './rate-limited-base';
import { findField, findTable } from './schema';
import { typeName } from './type-names';

/** What the API can do about the problem, or null. */
export function creationOf({ creation }: SchemaProblem, base: PacedBase): Change | null {
  if (creation?.kind === 'table') {
    const draft = tableDraft(creation.table);
    return {
      summary: `Create the table ${draft.name}`,
      difference: draft.fields.map(({ name, type }) => ({
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
  const draft = creation?.column.draft;
  if (creation === null || !draft) return null;
  const { table } = creation;
  return {
    summary: `Create the column ${draft.name} in ${table.name}`,
    difference: [{ what: `${table.name}.${draft.name}`, from: null, to: typeName(draft.type) }],
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

/** Creates what has a name of its own: whether it is there already, by us or by somebody else, can be seen. */
async function createOnce(create: () => Promise<unknown>, isThere: () => Promise<boolean>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await create();
      return;
    } catch (error) {
      const isLost = error instanceof AnswerLostError;
      const mayBeThere = isLost || (error instanceof Rejected && NAME_TAKEN.has(error.type));
      if (!mayBeThere) throw error;
      if (await isThere()) return;
      if (!isLost || attempt === ATTEMPTS) throw error;
    }
  }
}
