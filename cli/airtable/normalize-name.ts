/**
 * Whether a person takes two names of tables or columns for the same: letter case, spaces, underscores and hyphens do
 * not count. To Airtable's API they do, and so to the service. A blank name is like no other.
 */
export function isAlike(name: string, other: string): boolean {
  return plain(name) !== '' && plain(name) === plain(other);
}

function plain(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]+/g, '');
}
