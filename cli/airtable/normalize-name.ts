/**
 * Whether a person would read two names of tables or columns as the same. Ignores letter case, spaces, underscores and
 * hyphens, although Airtable's API, and so the service, distinguishes them. A blank name matches no other.
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
