import { type FieldValue, fieldsIn, fillMergeFields } from '../../templates/merge-fields';
import type { ContentTemplate } from '../../twilio/content-api';

/** Twilio's limit of a variable's value in Conversations (50541, twilio.md#conversations-by-rest). */
const VALUE_LENGTH = 256;

export type Rendered =
  | { readonly text: string; readonly variables: Readonly<Record<string, string>> }
  /** Why it cannot be sent, for the worker. */
  | { readonly reason: string };

/**
 * Fills an approved template. A named variable takes the column of that name; numbered ones take the fields of the
 * base's text in their order.
 * @param text the template's text in the base
 */
export function renderContent(content: ContentTemplate, text: string, fieldValue: FieldValue): Rendered {
  if (content.text === null) return { reason: 'This kind of template cannot be sent from here.' };
  const sources = sourcesOf(content.variables, text);
  if (sources === null) return { reason: 'Its text in Airtable has other fields than WhatsApp approved.' };
  const variables: Record<string, string> = {};
  for (const [variable, source] of sources) {
    const filled = fillMergeFields(`{{${source}}}`, fieldValue);
    const value = 'text' in filled ? plain(filled.text) : '';
    if (value === '')
      return { reason: `There is nothing to fill in for ${source.split('|')[0]?.trim() ?? source}.` };
    if (value.length > VALUE_LENGTH)
      return { reason: `What fills in ${source.split('|')[0]?.trim()} is too long.` };
    variables[variable] = value;
  }
  const rendered = content.text.replace(
    /\{\{\s*([^{}]+?)\s*\}\}/g,
    (_whole, name: string) => variables[name] ?? '',
  );
  return { text: rendered, variables };
}

/** Each variable with the field that fills it; null where they do not match. */
function sourcesOf(variables: readonly string[], text: string): [string, string][] | null {
  const numbered = variables.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(a) - Number(b));
  const named = variables
    .filter((name) => !/^\d+$/.test(name))
    .map((name): [string, string] => [name, withDefault(name, text)]);
  const all = fieldsIn(text).filter((field) => !named.some(([name]) => isField(field, name)));
  const distinct = [...new Set(all)];
  // A field that is used twice may have one number, or one for each use.
  const fields = numbered.length === all.length ? all : distinct;
  if (numbered.length !== fields.length) return null;
  return [...named, ...numbered.map((name, index): [string, string] => [name, fields[index] ?? ''])];
}

/** A named variable's field, with the default that the base's text gives it. */
function withDefault(name: string, text: string): string {
  return fieldsIn(text).find((field) => isField(field, name)) ?? name;
}

function isField(field: string, name: string): boolean {
  return field.split('|')[0]?.trim().toLowerCase() === name.toLowerCase();
}

/** Without what WhatsApp rejects in a value (63013): line breaks, tabs, runs of spaces. */
function plain(value: string): string {
  return value.replace(/\s+/g, ' ').trim();
}
