import { parse, stringify } from 'node:querystring';

/**
 * The spellings of a URL that Twilio may have signed, without duplicates: as received, and without and with the default
 * port of its scheme. Then the same with characters encoded as `new URL()` does, and with the query re-encoded, for
 * senders that sign an escaped form. The official helper tries the same ones. A text that is not a URL has one.
 */
export function signedUrls(url: string): string[] {
  const normalised = URL.canParse(url) ? bothPorts(new URL(url).toString()) : [];
  return [...new Set([...bothPorts(url), ...normalised, ...normalised.map(withQueryEncodedAnew)])];
}

/** Scheme, user and host, port, and the rest; verbatim. */
const PARTS = /^([a-z][a-z0-9+.-]*:\/\/)((?:[^/?#]*@)?(?:\[[^\]/?#]*\]|[^:/?#]*))(:[^/?#]*)?(.*)$/is;

function bothPorts(url: string): string[] {
  const [, scheme, host, port, rest] = PARTS.exec(url) ?? [];
  if (scheme === undefined) return [url];
  const defaultPort = scheme.toLowerCase() === 'https://' ? ':443' : ':80';
  return [`${scheme}${host}${rest}`, `${scheme}${host}${port ?? defaultPort}${rest}`];
}

function withQueryEncodedAnew(url: string): string {
  const start = url.indexOf('?');
  if (start === -1 || start === url.length - 1) return url;
  return `${url.slice(0, start)}?${stringify(parse(url.slice(start + 1)))}`;
}
