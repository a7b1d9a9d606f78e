/**
 * A URL; null for a text that is not a URL. Not `URL.canParse`: in Node 20 that returns false for texts such as
 * `https://büro.example` once the process has called it some thousand times.
 */
export function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
