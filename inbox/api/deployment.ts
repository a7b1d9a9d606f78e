import { parseUrl } from '../logic/parse-url';

/** Where a deployed inbox finds its service. The page carries it in meta tags, which set-up writes. */
export interface Deployment {
  /** The address of the API, without a slash at the end. */
  readonly apiUrl: string;
  /** The address of the sign-in pages, without a slash at the end. */
  readonly signInUrl: string;
  readonly clientId: string;
}

/** The names of the meta tags. */
export const DEPLOYMENT_METAS = {
  apiUrl: 'inbox-api',
  signInUrl: 'inbox-sign-in',
  clientId: 'inbox-client-id',
} as const satisfies Readonly<Record<keyof Deployment, string>>;

/**
 * Reads the deployment from the page's meta tags; null for the demo, which has none.
 * @param metaOf the content of the meta tag with a name; null where it is missing
 * @throws {Error} for a page with only some of them, or with an address that is not one
 */
export function readDeployment(metaOf: (name: string) => string | null): Deployment | null {
  const apiUrl = metaOf(DEPLOYMENT_METAS.apiUrl);
  const signInUrl = metaOf(DEPLOYMENT_METAS.signInUrl);
  const clientId = metaOf(DEPLOYMENT_METAS.clientId);
  if (apiUrl === null && signInUrl === null && clientId === null) return null;
  if (apiUrl === null || signInUrl === null || clientId === null || clientId === '') {
    throw new Error('The page has only some of its meta tags. Upload it again: npx frontline setup --inbox');
  }
  return { apiUrl: webAddress(apiUrl), signInUrl: webAddress(signInUrl), clientId };
}

function webAddress(text: string): string {
  const url = parseUrl(text);
  if (url === null || !/^https?:$/u.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new Error(
      `"${text}" in the page is not a web address. Upload it again: npx frontline setup --inbox`,
    );
  }
  return `${url.origin}${url.pathname.replace(/\/+$/u, '')}`;
}
