import { METHODS } from 'node:http';

/**
 * Handlers by method and path, such as `GET /v1/Conversations/:key`. A fixed segment takes precedence over a
 * parameter. The method `*` matches every method that the path has no handler for.
 */
export type Routes<Handler> = Readonly<Record<string, Handler>>;

export type RouteMatch<Handler> =
  | {
      readonly kind: 'found';
      readonly handler: Handler;
      /** A segment of the path, decoded. @throws {Error} for a parameter that the route does not have */
      readonly param: (name: string) => string;
    }
  | { readonly kind: 'wrong-method'; readonly allowed: readonly string[] }
  | { readonly kind: 'unknown-path' };

interface PathRoute<Handler> {
  readonly pattern: readonly string[];
  readonly handlers: Map<string, Handler>;
}

export class Router<Handler> {
  readonly #routes: readonly PathRoute<Handler>[];

  constructor(routes: Routes<Handler>) {
    const byPath = new Map<string, PathRoute<Handler>>();
    for (const [route, handler] of Object.entries(routes)) {
      const [method = '', path = ''] = route.split(' ');
      if (method !== '*' && !METHODS.includes(method))
        throw new Error(`No HTTP method in the route ${route}`);
      const known = byPath.get(path) ?? { pattern: path.split('/').filter(Boolean), handlers: new Map() };
      known.handlers.set(method, handler);
      byPath.set(path, known);
    }
    this.#routes = [...byPath.values()].sort((a, b) => rank(a.pattern).localeCompare(rank(b.pattern)));
  }

  /** @param path percent-encoded, without the query; doubled and trailing slashes are ignored */
  find(method: string, path: string): RouteMatch<Handler> {
    const segments = pathSegments(path);
    const route = segments && this.#routes.find(({ pattern }) => matches(pattern, segments));
    if (!route) return { kind: 'unknown-path' };
    const handler = route.handlers.get(method) ?? route.handlers.get('*');
    if (handler === undefined) return { kind: 'wrong-method', allowed: [...route.handlers.keys()] };
    const param = (name: string) => {
      const value = segments[route.pattern.indexOf(`:${name}`)];
      if (value === undefined) throw new Error(`/${route.pattern.join('/')} has no parameter ${name}`);
      return value;
    };
    return { kind: 'found', handler, param };
  }
}

/** The routes below another path. */
export function under<Handler>(prefix: string, routes: Routes<Handler>): Routes<Handler> {
  return Object.fromEntries(
    Object.entries(routes).map(([route, handler]) => [route.replace(' ', ` ${prefix}`), handler]),
  );
}

/** The parts of a path, each decoded once. Undefined for an invalid escape. */
export function pathSegments(path: string): readonly string[] | undefined {
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** Sorts fixed segments before parameters, position by position. */
function rank(pattern: readonly string[]): string {
  return pattern.map((part) => (part.startsWith(':') ? '1' : '0')).join('');
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => part.startsWith(':') || part === segments[index])
  );
}
