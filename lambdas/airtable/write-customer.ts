import { BadRequestError, ConfigurationError, UpstreamError } from '../errors';
import {
  AirtableApiError,
  GoneOrForbiddenError,
  missingColumns,
  UnknownColumnsError,
} from './airtable-errors';
import { COLUMN, CUSTOMERS } from './columns';

const WRONG_TYPE = 'INVALID_VALUE_FOR_COLUMN';

/** Whether the column has another type than the value. */
export function isOfWrongType(error: unknown): boolean {
  return error instanceof AirtableApiError && error.type === WRONG_TYPE;
}

/**
 * Writes a cell whose column may have one of several types: tries each form until the column accepts one. A rejected
 * form writes nothing (airtable.md#writing-records). `typecast` would need one request only, but may add options to the
 * team's selects.
 */
export async function writeInFirstForm<Form, T>(
  [form, ...others]: readonly [Form, ...Form[]],
  write: (form: Form) => Promise<T>,
): Promise<T> {
  try {
    return await write(form);
  } catch (error) {
    const [next, ...rest] = others;
    if (next === undefined || !isOfWrongType(error)) throw error;
    return writeInFirstForm([next, ...rest], write);
  }
}

/** Maps a rejected write to an error for the caller. */
export function explainRejection(error: unknown): unknown {
  if (error instanceof UnknownColumnsError) return missingColumns(CUSTOMERS, error.columns, error);
  if (error instanceof GoneOrForbiddenError) {
    return new ConfigurationError(
      [
        `Airtable does not let AIRTABLE_API_KEY write to ${CUSTOMERS}: give the token the scope data.records:write ` +
          "and its owner the editor's role",
      ],
      { cause: error },
    );
  }
  return error instanceof AirtableApiError ? new UpstreamError(error.message, { cause: error }) : error;
}

/** As `explainRejection`, for creating a customer: a select or collaborator column may reject the worker as owner. */
export function explainCreateRejection(error: unknown): unknown {
  const isOwner =
    error instanceof AirtableApiError &&
    (error.type === 'INVALID_MULTIPLE_CHOICE_OPTIONS' ||
      (error.type === WRONG_TYPE && error.message.includes(`"${COLUMN.owner}"`)));
  if (!isOwner) return explainRejection(error);
  return new BadRequestError(
    'parameter',
    `Worker is neither a select option nor a collaborator of column "${COLUMN.owner}": add it in Airtable`,
    {
      userMessage:
        'You are not set up as an owner of customers yet. Please ask the person who runs the Airtable base.',
      cause: error,
    },
  );
}
