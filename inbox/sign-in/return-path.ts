import { PAGE_PATH } from '../../lib/inbox/page-paths';
import { SIGN_IN_PATH } from '../../lib/inbox/sign-in';
import { parseUrl } from '../logic/parse-url';

/** Characters that browsers drop or read as a slash, so that a path can become another site's address. */
const AMBIGUOUS = /[\p{Cc}\\]/u;
const START = '/';

/**
 * The path to open after sign-in: a page of the app at this origin. Anything else is the start page.
 * @param path the path wanted, with query and hash
 */
export function returnPath(path: string, origin: string): string {
  if (!path.startsWith('/') || AMBIGUOUS.test(path)) return START;
  const url = parseUrl(path, origin);
  if (url === null || url.origin !== origin || !PAGE_PATH.test(url.pathname)) return START;
  return url.pathname.startsWith(SIGN_IN_PATH) ? START : `${url.pathname}${url.search}${url.hash}`;
}
