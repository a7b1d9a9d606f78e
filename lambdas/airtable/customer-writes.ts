import { BadRequest, Misconfigured, UpstreamFailed } from '../errors/errors';
import type { AirtableBase, Cells } from './airtable-base';
import { GoneOrForbidden, Rejected, UnknownColumns } from './airtable-errors';
import { COLUMN, CUSTOMERS } from './customer-record';
import { missingColumns } from './list-records';

const WRONG_TYPE = 'INVALID_VALUE_FOR_COLUMN';

/**
 * Writes a cell whose column may be of several types: each form in turn, until the column takes one. Nothing is
 * written by a form that is refused (Airtable contract 3.1), and `typecast`, which would do this in one request, may
 * also add choices to the team's selects.
 */
export async function writeInFirstForm<T>(
  forms: readonly unknown[],
  write: (form: unknown) => Promise<T>,
): Promise<T> {
  const [form, ...others] = forms;
  try {
    return await write(form);
  } catch (error) {
    const wrongType = error instanceof Rejected && error.type === WRONG_TYPE;
    if (wrongType && others.length > 0) return writeInFirstForm(others, write);
    throw error;
  }
}

/** What the refusal of a write means to whoever asked for it. */
export function explainRefusal(error: unknown): unknown {
  if (error instanceof UnknownColumns) return missingColumns(CUSTOMERS, error.columns, error);
  if (error instanceof GoneOrForbidden) {
    return new Misconfigured(
      [
        `Airtable does not let AIRTABLE_API_KEY write to ${CUSTOMERS}: give the token the scope data.records:write ` +
          "and its owner the editor's role",
      ],
      { cause: error },
    );
  }
  return error instanceof Rejected ? new UpstreamFailed(error.message, { cause: error }) : error;
}

/** Likewise, for a customer to be created: a select or collaborator column may not take the worker as owner. */
export function explainCreateRefusal(error: unknown): unknown {
  const isOwner =
    error instanceof Rejected &&
    (error.type === 'INVALID_MULTIPLE_CHOICE_OPTIONS' ||
      (error.type === WRONG_TYPE && error.message.includes(`"${COLUMN.owner}"`)));
  if (!isOwner) return explainRefusal(error);
  return new BadRequest(
    'parameter',
    `Worker is no choice and no collaborator for the column "${COLUMN.owner}": add them in Airtable`,
    {
      forWorker:
        'You are not set up as an owner of customers yet. Please ask whoever runs the Airtable base.',
      cause: error,
    },
  );
}

/** Deletes a record. One that somebody else deleted meanwhile is deleted too. */
export async function deleteRecord(
  base: AirtableBase,
  id: string,
  isThere: () => Promise<boolean>,
): Promise<void> {
  try {
    await base.delete(CUSTOMERS, id);
  } catch (error) {
    // Airtable answers alike for a record that is gone and for one that the token may not delete (contract 1.2).
    if (error instanceof GoneOrForbidden && !(await isThere())) return;
    throw explainRefusal(error);
  }
}

/** The cells of a record, without those that have no value. */
export function filled(cells: Cells): Cells {
  return Object.fromEntries(Object.entries(cells).filter(([, value]) => value !== null));
}
