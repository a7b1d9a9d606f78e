import { twilioError } from './twilio-errors';

/** A message template of Twilio's Content API, and its approval status at WhatsApp (twilio.md#whatsapp-templates). */
export interface ContentTemplate {
  /** `HX` and 32 hexadecimal digits. */
  readonly sid: string;
  readonly friendlyName: string;
  /** @default 'en' */
  readonly language?: string;
  /** Sample values by the variables' names or numbers. @default {} */
  readonly variables?: Readonly<Record<string, string>>;
  /** By type, such as `twilio/text`. */
  readonly types: Readonly<Record<string, object>>;
  readonly approval: Approval;
  /** @default 2026-01-01 */
  readonly dateCreated?: Date;
}

interface Approval {
  /** `approved`, `rejected`, `unsubmitted`, `received`, `pending`, `paused` or `disabled`. */
  readonly status: string;
  /** @default '' */
  readonly rejectionReason?: string;
  /** @default 'UTILITY' */
  readonly category?: string;
}

/** The account's content templates. */
export class ContentStore {
  readonly #contents = new Map<string, ContentTemplate>();

  constructor(contents: readonly ContentTemplate[]) {
    for (const content of contents) this.keep(content);
  }

  list(): ContentTemplate[] {
    return [...this.#contents.values()];
  }

  find(sid: string): ContentTemplate | undefined {
    return this.#contents.get(sid);
  }

  /** Adds a template, or replaces the one with its SID. */
  keep(content: ContentTemplate): void {
    this.#contents.set(content.sid, content);
  }

  /** WhatsApp decides about a template. @throws {Error} for an unknown SID. */
  setApproval(sid: string, approval: Approval): void {
    const content = this.find(sid);
    if (content === undefined) throw new Error(`The account has no content ${sid}`);
    this.keep({ ...content, approval });
  }

  /**
   * The text that the customer's phone shows for a message with this content.
   * @param variables JSON; a variable that it leaves out keeps its sample value.
   * @throws {TwilioError} 50526 if there is no such content, 50527 to 50529, 50540 or 50541 for invalid variables.
   */
  render(sid: string, variables: string | undefined): string {
    const content = /^HX[0-9a-f]{32}$/i.test(sid) ? this.find(sid) : undefined;
    if (content === undefined) throw twilioError('contentSidInvalid');
    const values = new Map([...Object.entries(content.variables ?? {}), ...readVariables(variables ?? '{}')]);
    return textOf(content).replace(
      /\{\{\s*([^{}]+?)\s*\}\}/g,
      (whole, name: string) => values.get(name) ?? whole,
    );
  }
}

const MAX_VARIABLES = 100;
const KEY_CHARACTERS = 16;
const VALUE_CHARACTERS = 256;

function readVariables(json: string): [string, string][] {
  const entries = Object.entries(jsonObjectIn(json)).map(([key, value]): [string, string] => [
    key,
    String(value),
  ]);
  if (entries.length > MAX_VARIABLES) throw twilioError('tooManyContentVariables');
  for (const [key, value] of entries) {
    if (key.length > KEY_CHARACTERS) throw twilioError('contentKeyTooLong');
    if (value.length > VALUE_CHARACTERS) throw twilioError('contentValueTooLong');
  }
  return entries;
}

function jsonObjectIn(json: string): object {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Not JSON at all.
  }
  throw twilioError('contentVariablesNotJson');
}

/** Every text of a template's first type, such as `body`, or `title` and `subtitle`, a line each. */
export function textOf({ types }: ContentTemplate): string {
  const [type = {}] = Object.values(types);
  const parts = new Map<string, unknown>(Object.entries(type));
  return ['header_text', 'title', 'body', 'subtitle', 'footer']
    .flatMap((name) => parts.get(name) ?? [])
    .filter((text) => typeof text === 'string')
    .join('\n');
}
