/** The form of a SID with this prefix, such as `CH` for a conversation. */
export function sidPattern(prefix: string): RegExp {
  return new RegExp(`^${prefix}[0-9a-fA-F]{32}$`);
}
