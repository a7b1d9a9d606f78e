import { createHash, randomInt } from 'node:crypto';

/** Airtable's kinds of ids: base, table, field, view, record, user, choice, attachment, list iterator, webhook. */
export type IdPrefix = 'app' | 'tbl' | 'fld' | 'viw' | 'rec' | 'usr' | 'sel' | 'att' | 'itr' | 'ach';

/** A record's id. */
export const RECORD_ID = /^rec[A-Za-z0-9]{14}$/;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 14;

/** A new, unique id. */
export function newId(prefix: IdPrefix): string {
  return prefix + Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}

/** The same id for the same text on every run, so that tests and seed data can rely on it. */
export function stableId(prefix: IdPrefix, text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, LENGTH);
  return prefix + Array.from(bytes, (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}
