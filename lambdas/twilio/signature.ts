import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { parse, stringify } from 'node:querystring';
import { parseUrl } from '../characters/parse-url';

/** A form as received: every name with its value, or its values if it is repeated. */
export type Form = Readonly<Record<string, string | string[] | undefined>>;

/** What Twilio signs: its configured URL, verbatim, and the form or the raw body (twilio.md#signatures). */
export interface SignedRequest {
  readonly url: string;
  readonly form: Form;
  readonly rawBody: string;
  readonly signature: string;
  /** The header X-Twilio-Webhooks-Signature-Settings; null, or blank, if the auth token signed. */
  readonly settings: string | null;
}

/** The secrets that may have made a signature. */
export interface SigningSecrets {
  readonly signingTokens: readonly string[];
  readonly sharedKeys: readonly string[];
}

export type SignatureCheck =
  | { readonly kind: 'auth-token'; readonly token: string }
  | { readonly kind: 'shared-key' }
  | {
      readonly kind: 'invalid';
      /** `no-shared-key`: the request names a shared key and none is configured. */
      readonly reason: 'mismatch' | 'no-shared-key' | 'unknown-algorithm';
    };

const ALGORITHMS: ReadonlyMap<string, 'sha1' | 'sha256'> = new Map([
  ['HMAC_SHA1', 'sha1'],
  ['HMAC_SHA256', 'sha256'],
]);

/**
 * Checks a signature, with one HMAC per secret and spelling of the URL. A request that names a shared key is checked
 * with shared keys only, never with the auth token (twilio.md#shared-key-signatures). Never throws.
 */
export function checkSignature(request: SignedRequest, secrets: SigningSecrets): SignatureCheck {
  const namesSharedKey = (request.settings ?? '').trim() !== '';
  if (!namesSharedKey) {
    const token = signingSecret(secrets.signingTokens, 'sha1', request);
    return token === null ? { kind: 'invalid', reason: 'mismatch' } : { kind: 'auth-token', token };
  }
  if (secrets.sharedKeys.length === 0) return { kind: 'invalid', reason: 'no-shared-key' };
  const algorithm = ALGORITHMS.get(algorithmIn(request.settings ?? ''));
  if (algorithm === undefined) return { kind: 'invalid', reason: 'unknown-algorithm' };
  const key = signingSecret(secrets.sharedKeys, algorithm, request);
  return key === null ? { kind: 'invalid', reason: 'mismatch' } : { kind: 'shared-key' };
}

/** The algorithm that the settings name: `key=…,algorithm=HMAC_SHA256`. */
function algorithmIn(settings: string): string {
  const parts = settings.split(',').map((part) => part.split('='));
  const values = parts.flatMap(([name, ...value]) => (name?.trim() === 'algorithm' ? [value.join('=')] : []));
  return values.at(-1)?.trim().toUpperCase() || 'HMAC_SHA1';
}

/** The secret that signed exactly this request; null if none did. */
function signingSecret(
  secrets: readonly string[],
  algorithm: 'sha1' | 'sha256',
  { url, form, rawBody, signature }: SignedRequest,
): string | null {
  const bodyHash = bodyHashIn(url);
  if (bodyHash !== null && !isEqual(bodyHash, createHash('sha256').update(rawBody, 'utf8').digest('hex'))) {
    return null;
  }
  const parameters = bodyHash === null ? signedParameters(form) : '';
  const signedTexts = signedUrls(url).map((each) => each + parameters);
  const isMadeWith = (secret: string) =>
    signedTexts.some((text) =>
      isEqual(signature, createHmac(algorithm, secret).update(text, 'utf8').digest('base64')),
    );
  return secrets.find(isMadeWith) ?? null;
}

/** The hash of a body that is not a form; null if the URL has none (twilio.md#signatures). */
function bodyHashIn(url: string): string | null {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? '';
  return new URLSearchParams(query).get('bodySHA256');
}

/** Names in code unit order, each followed by its value; of a repeated name the distinct values in order. */
function signedParameters(form: Form): string {
  const names = Object.keys(form).sort();
  return names.flatMap((name) => distinctValues(form[name]).map((value) => name + value)).join('');
}

function distinctValues(value: string | string[] | undefined): string[] {
  return [...new Set([value ?? []].flat())].sort();
}

/** In constant time; the length is not secret. */
function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * The spellings of a URL that Twilio may have signed, without duplicates: as received, and without and with the default
 * port of its scheme. Then the same with characters encoded as `new URL()` does, and with the query re-encoded, for
 * senders that sign an escaped form. The official helper tries the same ones. A text that is not a URL has one.
 */
export function signedUrls(url: string): string[] {
  const parsed = parseUrl(url);
  const normalised = parsed === null ? [] : bothPorts(parsed.toString());
  return [...new Set([...bothPorts(url), ...normalised, ...normalised.map(withQueryEncodedAgain)])];
}

/** Scheme, user and host, port, and the rest; verbatim. */
const PARTS = /^([a-z][a-z0-9+.-]*:\/\/)((?:[^/?#]*@)?(?:\[[^\]/?#]*\]|[^:/?#]*))(:[^/?#]*)?(.*)$/is;

function bothPorts(url: string): string[] {
  const [, scheme, host, port, rest] = PARTS.exec(url) ?? [];
  if (scheme === undefined) return [url];
  const defaultPort = scheme.toLowerCase() === 'https://' ? ':443' : ':80';
  return [`${scheme}${host}${rest}`, `${scheme}${host}${port ?? defaultPort}${rest}`];
}

function withQueryEncodedAgain(url: string): string {
  const start = url.indexOf('?');
  if (start === -1 || start === url.length - 1) return url;
  return `${url.slice(0, start)}?${stringify(parse(url.slice(start + 1)))}`;
}
