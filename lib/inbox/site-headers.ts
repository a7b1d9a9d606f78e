import { mediaOrigins } from '../../lambdas/twilio/media';
import { HASHED_PREFIX } from './page-paths';

/** Directives of a content security policy with their sources. */
type Directives = Readonly<Record<string, readonly string[]>>;

const NONE = ["'none'"];
const SELF = ["'self'"];

export interface PageSources {
  /** Another server of Twilio's media, for trials and the demo; null for Twilio only. */
  readonly mediaUrl: string | null;
  /** What the page may send requests to besides its own origin: the API, the live socket, the sign-in. */
  readonly connect: readonly string[];
}

/** The directives that hold for every response of the site. */
function everywhere(mediaUrl: string | null): Directives {
  const media = mediaOrigins(mediaUrl);
  return {
    'script-src': SELF,
    'style-src': SELF,
    'img-src': [...SELF, 'data:', 'blob:', ...media],
    'media-src': [...SELF, ...media],
    'font-src': SELF,
    'object-src': NONE,
    'base-uri': NONE,
    'form-action': SELF,
    'frame-src': NONE,
    'worker-src': SELF,
  };
}

/**
 * The policy in the header of every response. It has neither `default-src` nor `connect-src`, because the addresses of
 * the API depend on the site's own: the page itself has them (`pagePolicy`), and a browser obeys both.
 */
export function headerPolicy(mediaUrl: string | null): string {
  return written({ ...everywhere(mediaUrl), 'frame-ancestors': NONE });
}

/** The policy in the page's meta tag, which browsers allow everything but `frame-ancestors`. */
export function pagePolicy({ mediaUrl, connect }: PageSources): string {
  return written(ofPage({ mediaUrl, connect }));
}

/** Both in one, for a server that knows all addresses. */
export function wholePolicy(sources: PageSources): string {
  return written({ ...ofPage(sources), 'frame-ancestors': NONE });
}

function ofPage({ mediaUrl, connect }: PageSources): Directives {
  return { 'default-src': NONE, ...everywhere(mediaUrl), 'connect-src': [...SELF, ...connect] };
}

function written(directives: Directives): string {
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}

/**
 * How long browsers and CloudFront keep a file: for ever if its name changes with its content. Any other is asked for
 * each time, and sent only if it changed.
 * @param file without a slash at the beginning
 */
export function cacheControlOf(file: string): string {
  return `/${file}`.startsWith(HASHED_PREFIX) ? 'public, max-age=31536000, immutable' : 'no-cache';
}
