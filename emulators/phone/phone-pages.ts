import { join } from 'node:path';
import { build } from 'esbuild';
import type { HttpResponse } from '../core/http-response';
import { type Pages, splitTarget } from '../gateway/gateway';
import { callPhoneApi } from './phone-api';

const API = '/phone/api/';
const MEDIA = '/phone/media/';
const PAGE = join(import.meta.dirname, 'page');

const HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Serves the page of the customers' phones at `/phone`, for this machine only: the gateway checks the Host. */
export function phonePages(api: Parameters<typeof callPhoneApi>[0]): Pages {
  let files: Promise<ReadonlyMap<string, HttpResponse>> | null = null;
  return async (request, body) => {
    const { path, query } = splitTarget(request);
    const { method = '', headers } = request;
    if (path.startsWith(API)) {
      const contentType = headers['content-type']?.split(';')[0] ?? '';
      const operation = `${method} ${path.slice(API.length)}`;
      return callPhoneApi(api, { operation, query: new URLSearchParams(query), contentType, body });
    }
    if (method !== 'GET') return null;
    if (path.startsWith(MEDIA)) return mediaResponse(api, path.slice(MEDIA.length));
    if (path !== '/phone' && !path.startsWith('/phone/')) return null;
    files ??= buildPage();
    return (await files).get(path) ?? null;
  };
}

/** Pictures are shown, everything else is a download. */
function mediaResponse({ twilio }: Parameters<typeof callPhoneApi>[0], sid: string): HttpResponse | null {
  const file = twilio.media(sid);
  if (file === undefined) return null;
  const isPicture = /^image\/(jpeg|png|gif|webp)$/.test(file.contentType);
  const disposition = isPicture ? {} : { 'content-disposition': 'attachment' };
  return {
    status: 200,
    headers: { ...HEADERS, 'content-type': file.contentType, ...disposition },
    body: file.bytes,
  };
}

async function buildPage(): Promise<ReadonlyMap<string, HttpResponse>> {
  const { outputFiles } = await build({
    entryPoints: [join(PAGE, 'main.ts'), join(PAGE, 'main.css')],
    outdir: PAGE,
    bundle: true,
    write: false,
    target: 'es2022',
  });
  const responses = outputFiles.map(({ path, contents }): [string, HttpResponse] => {
    const isScript = path.endsWith('.js');
    const type = isScript ? 'text/javascript; charset=utf-8' : 'text/css; charset=utf-8';
    const headers = { ...HEADERS, 'content-type': type };
    return [`/phone/main.${isScript ? 'js' : 'css'}`, { status: 200, headers, body: Buffer.from(contents) }];
  });
  const headers = { ...HEADERS, 'content-type': 'text/html; charset=utf-8' };
  return new Map([['/phone', { status: 200, headers, body: HTML }], ...responses]);
}

const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>The customer's phone</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/phone/main.css">
<script type="module" src="/phone/main.js"></script>
</head>
<body><div id="app"></div></body>
</html>
`;
