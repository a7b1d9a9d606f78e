import type { Address } from '../phone-number/address';
import { type CountryCode, callingCode, sharedDigits } from '../phone-number/phone-number';
import { COLUMN } from './customer-record';
import {
  columnDigits,
  columnText,
  contains,
  containsIgnoringCase,
  equal,
  type Formula,
  or,
  recordId,
  text,
  trim,
} from './formula';

type Has = (column: string) => boolean;

/** The columns that hold a customer's numbers. */
export const NUMBER_COLUMNS = [COLUMN.sms, COLUMN.whatsapp] as const;

/** Customers whose owner reads as one of the texts; stray spaces do not count. */
export function ownedBy(owners: readonly string[]): Formula {
  return or(...owners.map((owner) => equal(trim(columnText(COLUMN.owner)), text(owner))));
}

/** Customers with the query in their name, or its digits in a number. */
export function matching(query: string, has: Has, country: CountryCode): Formula {
  const inName = containsIgnoringCase(columnText(COLUMN.name), text(query));
  const inNumbers = NUMBER_COLUMNS.filter(has).flatMap((column) =>
    digitForms(query, country).map((digits) => contains(columnDigits(column), text(digits))),
  );
  return or(inName, ...inNumbers);
}

/** Customers with this id, be it the `id` column's or the record's own. */
export function withId(id: string, has: Has): Formula {
  const byRecord = equal(recordId, text(id));
  return has(COLUMN.id) ? or(byRecord, equal(trim(columnText(COLUMN.id)), text(id))) : byRecord;
}

/**
 * Customers who may have one of the numbers, however it was typed: their cell holds its last seven digits in a row.
 * One in ten million others does too, so the caller compares the numbers themselves.
 */
export function maybeAt(addresses: readonly Address[], has: Has): Formula {
  const digits = [...new Set(addresses.map(({ number }) => sharedDigits(number)))];
  return or(
    ...NUMBER_COLUMNS.filter(has).flatMap((column) =>
      digits.map((tail) => contains(columnDigits(column), text(tail))),
    ),
  );
}

/** Fewer digits behind a calling code may as well be the number's own first ones. */
const FEWEST_BEHIND_CODE = 3;

/**
 * The digits that a typed piece of a number may stand as in a cell: as typed, without the default country's calling
 * code, and without a trunk zero. None where the query is not just digits, what one puts between them, and the
 * invisible marks that a copied number has.
 */
function digitForms(query: string, country: CountryCode): string[] {
  // "+44 (0)20 …" says that the zero is not dialled from abroad.
  const number = query.replace(/^\s*whatsapp:/i, '').replace('(0)', '');
  const digits = number.replace(/\D/g, '');
  if (digits === '' || !/^[+\d\s()./\p{Cf}-]+$/u.test(number)) return [];
  const isInternational = /^[\s\p{Cf}]*(\+|00)/u.test(number);
  const typed = isInternational ? digits.replace(/^00/, '') : digits;
  const code = callingCode(country);
  const behindCode = typed.startsWith(code) ? typed.slice(code.length) : '';
  const hasCode = behindCode !== '' && (isInternational || behindCode.length >= FEWEST_BEHIND_CODE);
  const withoutTrunkZero = isInternational ? typed : typed.replace(/^0/, '') || typed;
  return [...new Set([typed, withoutTrunkZero, ...(hasCode ? [behindCode] : [])])];
}
