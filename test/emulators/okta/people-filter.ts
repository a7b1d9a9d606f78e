import type { Person } from './directory';
import { oktaError } from './okta-errors';

const CONDITION = /\s*([\w.]+) eq ("(?:[^"\\]|\\.)*")\s*(or\s|$)/y;

const FIELDS: Readonly<Record<string, (person: Person) => string>> = {
  id: ({ id }) => id,
  status: ({ status }) => status,
  'profile.login': ({ profile }) => profile.login,
  'profile.email': ({ profile }) => profile.email,
};

/**
 * Reads a filter expression for people: conditions with `eq`, joined by `or`. Case-insensitive, as at Okta.
 * @throws {OktaError} E0000031 for anything else.
 */
export function peopleFilter(expression: string): (person: Person) => boolean {
  const conditions: ((person: Person) => boolean)[] = [];
  CONDITION.lastIndex = 0;
  while (CONDITION.lastIndex < expression.length) {
    const [, name = '', quoted = ''] = CONDITION.exec(expression) ?? [];
    const field = FIELDS[name];
    if (field === undefined) throw oktaError('badFilter');
    const value = String(JSON.parse(quoted)).toLowerCase();
    conditions.push((person) => field(person).toLowerCase() === value);
  }
  return (person) => conditions.some((holds) => holds(person));
}
