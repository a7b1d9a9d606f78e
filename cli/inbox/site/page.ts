import { DEPLOYMENT_METAS } from '../../../inbox/api/deployment';
import { pagePolicy } from '../../../lib/inbox/site-headers';

/** The addresses that the deployed page has in its meta tags. */
export interface PageAddresses {
  /** Without a slash at the end. */
  readonly apiUrl: string;
  /** `wss://…/live`. */
  readonly liveUrl: string;
  /** Without a slash at the end. */
  readonly signInUrl: string;
  /** The app's client of the user pool. */
  readonly clientId: string;
  /** Another host for Twilio's media, for trials; null for Twilio itself. */
  readonly mediaUrl: string | null;
}

const CHARSET = /<meta charset="utf-8"\s*\/?>/i;

/**
 * The page to deploy, of the built one: the addresses of the service and the policy that allows no others come first, so
 * that the policy holds for everything below.
 * @throws {Error} if the built page has no charset to put them behind
 */
export function pageFor(
  html: string,
  { apiUrl, liveUrl, signInUrl, clientId, mediaUrl }: PageAddresses,
): string {
  const connect = [apiUrl, liveUrl, signInUrl].map((address) => new URL(address).origin);
  const metas = [
    `<meta http-equiv="Content-Security-Policy" content="${escaped(pagePolicy({ mediaUrl, connect }))}" />`,
    meta(DEPLOYMENT_METAS.apiUrl, apiUrl),
    meta(DEPLOYMENT_METAS.signInUrl, signInUrl),
    meta(DEPLOYMENT_METAS.clientId, clientId),
  ];
  const charset = CHARSET.exec(html);
  if (charset === null) throw new Error('The built page has no <meta charset="utf-8">');
  const end = charset.index + charset[0].length;
  return [html.slice(0, end), ...metas.map((each) => `\n    ${each}`), html.slice(end)].join('');
}

/** The address of the API that a deployed page has; null for another page. */
export function apiIn(html: string): string | null {
  const found = new RegExp(`<meta name="${DEPLOYMENT_METAS.apiUrl}" content="([^"]*)"`).exec(html);
  return found?.[1]?.replace(/&(amp|lt|gt|quot|#39);/g, (entity) => CHARACTERS[entity] ?? entity) ?? null;
}

function meta(name: string, content: string): string {
  return `<meta name="${name}" content="${escaped(content)}" />`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const CHARACTERS = Object.fromEntries(
  Object.entries(ENTITIES).map(([character, entity]) => [entity, character]),
);

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
