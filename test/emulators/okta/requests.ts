import * as v from 'valibot';
import type { OktaEmulator } from './okta-emulator';
import { TOKEN } from './serve';

interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A request as any client of Okta sends it. @param path after `/api/v1` */
export async function ask(
  { url }: OktaEmulator,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
  token = TOKEN,
): Promise<HttpResponse> {
  const response = await fetch(url.concat('/api/v1', path), {
    method,
    headers: {
      authorization: `SSWS ${token}`,
      accept: 'application/json',
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    redirect: 'manual',
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

const Listed = v.array(v.looseObject({ id: v.string() }));

/** The pages of a list, read by following its links. */
export async function pagesOf(okta: OktaEmulator, path: string): Promise<readonly (readonly string[])[]> {
  const pages: string[][] = [];
  let next: string | null = path;
  while (next !== null) {
    const { headers, body } = await ask(okta, 'GET', next);
    pages.push(v.parse(Listed, body).map(({ id }) => id));
    const [, link] = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '') ?? [];
    next = link === undefined ? null : link.slice(`${okta.url}/api/v1`.length);
  }
  return pages;
}
