import type { NewMedia } from './media-store';

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
