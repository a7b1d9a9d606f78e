import { SIGN_IN_PATH } from '../../lib/inbox/sign-in';

/** The provider's answer in the address of the callback page. */
export type Callback =
  | { readonly kind: 'code'; readonly code: string; readonly state: string | null }
  | { readonly kind: 'error'; readonly error: string; readonly state: string | null };

/** Reads the answer; null for an address that carries none. */
export function parseCallback({
  pathname,
  search,
}: {
  readonly pathname: string;
  readonly search: string;
}): Callback | null {
  if (pathname !== SIGN_IN_PATH) return null;
  const parameters = new URLSearchParams(search);
  const state = parameters.get('state');
  const error = parameters.get('error');
  if (error !== null) return { kind: 'error', error: errorName(error), state };
  const code = parameters.get('code');
  return code === null || code === '' ? null : { kind: 'code', code, state };
}

/** An error's name as RFC 6749 allows it; anything else could be words put into the page by a stranger. */
function errorName(text: string): string {
  return /^[a-z_]{1,40}$/u.test(text) ? text : 'unknown_error';
}
