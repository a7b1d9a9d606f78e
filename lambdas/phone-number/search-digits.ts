import type { AddressKey } from './address';

/** The digits that a search may name: those of the cells as typed, and those of the numbers that they hold. */
export function searchDigitsOf(cells: readonly string[], keys: readonly AddressKey[]): string {
  return [...cells, ...keys]
    .map((text) => text.replace(/\D/g, ''))
    .filter((digits) => digits !== '')
    .join(' ');
}
