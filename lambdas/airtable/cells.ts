import * as v from 'valibot';
import { printableLine } from '../characters/visible-text';

const Collaborator = v.object({ email: v.string(), name: v.optional(v.string(), '') });
const Barcode = v.object({ text: v.string() });
const RecordLinks = v.array(v.pipe(v.string(), v.regex(/^rec[A-Za-z0-9]{14}$/)));
const Attachment = v.object({
  id: v.optional(v.string(), ''),
  url: v.string(),
  type: v.optional(v.string(), 'image/*'),
});

/** A collaborator's e-mail and display name; null where the cell holds something else. */
export function readCollaborator(cell: unknown): { readonly email: string; readonly name: string } | null {
  return v.is(Collaborator, cell) ? v.parse(Collaborator, cell) : null;
}

/**
 * The cell as a person reads it, trimmed. Null for a blank cell and for one without text: attachments, a formula's
 * error object, links to records (Airtable returns only their ids). A lookup's values are joined by commas.
 */
export function readText(cell: unknown): string | null {
  if (typeof cell === 'string') return cell.trim() || null;
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  if (v.is(RecordLinks, cell)) return null;
  if (Array.isArray(cell)) return cell.flatMap((item: unknown) => readText(item) ?? []).join(', ') || null;
  if (v.is(Barcode, cell)) return readText(cell.text);
  return readCollaborator(cell)?.name.trim() || null;
}

/**
 * Whether the cell holds something that is not a text: a formula's error object, links to records, attachments. Such a
 * cell is not blank; its meaning is unknown.
 */
export function holdsOtherThanText(cell: unknown): boolean {
  if (typeof cell !== 'object' || cell === null) return false;
  if (Array.isArray(cell)) {
    return (cell.length > 0 && v.is(RecordLinks, cell)) || cell.some(holdsOtherThanText);
  }
  return !v.is(Barcode, cell) && readCollaborator(cell) === null;
}

/**
 * A worker's identity: the e-mail of a collaborator, else the text. Invisible characters, which may have been pasted,
 * do not change it.
 */
export function readIdentity(cell: unknown): string | null {
  return printableLine(readCollaborator(cell)?.email.trim() || readText(cell) || '').trim() || null;
}

/** An image's URL and the attachment that it belongs to; null for a plain URL. */
export interface Image {
  readonly address: string;
  /** Identifies the attachment, because its URL changes every two hours. */
  readonly attachment: string | null;
}

/** The URL of an image: a URL column's, or that of an attachment column's first image. */
export function readImage(cell: unknown): Image | null {
  const attachments = v.safeParse(v.array(Attachment), cell);
  const image = attachments.success
    ? attachments.output.find(({ type }) => type.startsWith('image/'))
    : undefined;
  const address = attachments.success ? image?.url : readText(cell);
  if (!address || !/^https?:\/\/\S+$/i.test(address)) return null;
  return { address, attachment: image ? image.id : null };
}
