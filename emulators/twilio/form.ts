import type { NewMedia } from './media-store';
import { twilioError } from './twilio-errors';

export type Form = Readonly<Record<string, string>>;

/** Each parameter with its value, of several the last. */
export function formOf(parameters: URLSearchParams): Form {
  return Object.fromEntries(parameters);
}

/** All values of a repeatable parameter; undefined if it is absent. A single empty value means none. */
export function listIn(parameters: URLSearchParams, name: string): readonly string[] | undefined {
  return parameters.has(name) ? parameters.getAll(name).filter((value) => value !== '') : undefined;
}

/**
 * Takes the parameters that the emulator supports for a resource.
 * @throws {TwilioError} 501 for any other, so that no unsupported parameter is silently ignored.
 */
export function take<Name extends string>(
  parameters: URLSearchParams,
  ...known: readonly Name[]
): { readonly [Key in Name]?: string } {
  checkNames([...parameters.keys()], known);
  const picked: { [Key in Name]?: string } = {};
  for (const name of known) {
    const value = parameters.getAll(name).at(-1);
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

/** @throws {TwilioError} 501 that lists the names which are not known. */
export function checkNames(names: readonly string[], known: readonly string[]): void {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw twilioError('notEmulated', `The Twilio emulator does not support ${unknown.join(', ')} here`);
}

const LINE = '\r\n';

/** The first file of a multipart form; null if the content type is another. */
export function readMultipart(contentType: string, body: Buffer): NewMedia | null {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) return null;
  // Latin-1 keeps every byte as one character.
  const parts = body.toString('latin1').split(`--${boundary}`);
  for (const part of parts) {
    const [headers = '', ...rest] = part.split(LINE + LINE);
    const filename = /filename="([^"]*)"/i.exec(headers)?.[1];
    if (filename === undefined) continue;
    const content = rest.join(LINE + LINE).slice(0, -LINE.length);
    return {
      bytes: Buffer.from(content, 'latin1'),
      contentType: /content-type:\s*([^\r\n]+)/i.exec(headers)?.[1] ?? 'application/octet-stream',
      filename: Buffer.from(filename, 'latin1').toString(),
    };
  }
  return null;
}
