import { createHash } from 'node:crypto';
import { visibleLine } from '../characters/visible-text';
import type { Customer, MappedCustomer, OptOutCell } from '../customers/customer';
import { foldName } from '../customers/fold-name';
import {
  type CountryCode,
  type E164Number,
  keysOf,
  type NumberCell,
  readNumberCell,
  searchDigitsOf,
  tailsOf,
} from '../phone-number/address';
import type { AirtableRecord } from './airtable-records';
import { holdsOtherThanText, type Image, readIdentity, readImage, readText } from './cells';
import { COLUMN, type Column, NUMBER_COLUMNS } from './columns';
import { readYesNo } from './yes-no';

export interface MappingOptions {
  /** The country of numbers without a country code. */
  readonly defaultCountry: CountryCode;
}

/** Increase when the mapping of records changes: the replica is then read again. */
const MAPPING_VERSION = 1;

/** Changes when the mapping changes: with this code, and with DEFAULT_COUNTRY. */
export function mappingVersionFor(country: CountryCode): string {
  return `${MAPPING_VERSION}-${country}`;
}

/** Frontline's own limit for an id is not documented; this length fits into every key and response. */
const ID_LENGTH = 256;
/** A length that every browser accepts for a URL. */
const ADDRESS_LENGTH = 2_000;

/**
 * Maps a record to a customer, for any column types that the team chose. Never throws: cells with unexpected content are
 * left out, and an unreadable `opt_out` is `unclear`.
 */
export function mapCustomer(record: AirtableRecord, { defaultCountry }: MappingOptions): MappedCustomer {
  const text = (column: Column) => readSafely(() => readText(record.fields[column]), null);
  const numbers = NUMBER_COLUMNS.map((column) => readNumbers(text(column) ?? '', column, defaultCountry));
  const [sms, whatsapp] = numbers;
  const image = readSafely(() => readAvatar(record.fields[COLUMN.avatar]), null);
  const customer: Customer = {
    recordId: record.id,
    createdTime: record.createdTime,
    id: readId(text(COLUMN.id)) ?? record.id,
    name: readSafely(() => visibleLine(text(COLUMN.name) ?? ''), null),
    avatar: image?.address ?? null,
    sms: sms?.kind === 'one' && isE164(sms.value) ? sms.value : null,
    whatsapp: whatsapp?.kind === 'one' ? whatsapp.value : null,
    email: text(COLUMN.email),
    linkedin: text(COLUMN.linkedin),
    notes: text(COLUMN.notes),
    owner: readSafely(() => readIdentity(record.fields[COLUMN.owner]), null),
    optOutCell: readSafely<OptOutCell>(() => readYesNo(record.fields[COLUMN.optOut]), 'unclear'),
    addressKeys: [...new Set(numbers.flatMap(keysOf))],
    digitTails: [...new Set(numbers.flatMap(tailsOf))],
    columns: readColumns(record),
  };
  const foldedName = readSafely(() => foldName(customer.name ?? ''), '');
  return {
    customer,
    hash: hashOf(customer, image),
    avatarExpires: image !== null && image.attachment !== null,
    sortName: foldedName,
    searchName: foldedName,
    searchDigits: readSafely(
      () =>
        searchDigitsOf(
          NUMBER_COLUMNS.map((column) => text(column) ?? ''),
          customer.addressKeys,
        ),
      '',
    ),
    mappingVersion: mappingVersionFor(defaultCountry),
    lacksNumbers: NUMBER_COLUMNS.some((column) => holdsOtherThanText(record.fields[column])),
  };
}

/** A cell whose reader throws is left out, so that no record stops a run of sync. */
function readSafely<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

function readId(text: string | null): string | null {
  return text !== null && text.length <= ID_LENGTH ? text : null;
}

function readAvatar(cell: unknown): Image | null {
  const image = readImage(cell);
  return image !== null && image.address.length <= ADDRESS_LENGTH ? image : null;
}

const BLANK: NumberCell = { kind: 'blank' };

function readNumbers(
  text: string,
  column: (typeof NUMBER_COLUMNS)[number],
  country: CountryCode,
): NumberCell {
  return readSafely(() => readNumberCell(text, column, country), BLANK);
}

/** Every address that a number cell holds. */
function isE164(text: string): text is E164Number {
  return /^\+[1-9]\d{5,14}$/.test(text);
}

function readColumns({ fields }: AirtableRecord): ReadonlyMap<string, string> {
  const texts = Object.entries(fields).flatMap(([name, value]): [string, string][] => {
    const text = readSafely(() => (name === COLUMN.owner ? readIdentity(value) : readText(value)), null);
    return text === null ? [] : [[name, text]];
  });
  return new Map(texts);
}

/** URLs of attachments, including those in formula results; Airtable issues new ones every two hours. */
const ATTACHMENT_LINK = /https:\/\/[a-z0-9.-]*airtableusercontent\.com\/[^\s)"]*/gi;

/** Equal for equal content, regardless of column order and of new attachment URLs. */
function hashOf({ columns, avatar, ...customer }: Customer, image: Image | null): string {
  const sorted = [...columns].sort(([one], [other]) => (one < other ? -1 : 1));
  const content = JSON.stringify([
    Object.entries(customer).sort(([one], [other]) => (one < other ? -1 : 1)),
    image?.attachment ?? avatar,
    sorted,
  ]);
  return createHash('sha256').update(content.replace(ATTACHMENT_LINK, '')).digest('base64url');
}
