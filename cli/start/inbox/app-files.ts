import { readFile, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { HttpResponse } from '../../../emulators/core/http-response';
import { type Pages, splitTarget } from '../../../emulators/gateway/gateway';
import { errorCode } from '../../../lambdas/errors';
import { PAGE_FILE, PAGE_PATH } from '../../../lib/inbox/page-paths';
import { cacheControlOf, wholePolicy } from '../../../lib/inbox/site-headers';
import { contentTypeOf } from '../../inbox/site/content-types';

export interface AppOrigins {
  /** Where files of messages come from. */
  readonly media: string;
  /** The address of the live socket. */
  readonly live: string;
}

/** Serves the built app, with the headers that the deployed one has. */
export function appFiles(directory: string, origins: () => AppOrigins): Pages {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return null;
    const path = decodePath(splitTarget(request).path);
    const file = path === null ? null : PAGE_PATH.test(path) ? PAGE_FILE : path.slice(1);
    const body = file === null ? null : await readWithin(directory, file);
    if (body === null || file === null) return null;
    return { status: 200, headers: headersOf(file, origins()), body };
  };
}

function headersOf(file: string, { media, live }: AppOrigins): NonNullable<HttpResponse['headers']> {
  return {
    'content-type': contentTypeOf(file),
    'cache-control': cacheControlOf(file),
    'content-security-policy': wholePolicy({ mediaUrl: media, connect: [live] }),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  };
}

function decodePath(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** A file of the folder or below; null for any other. */
async function readWithin(directory: string, file: string): Promise<Buffer | null> {
  const path = join(directory, file);
  if (!path.startsWith(directory + sep)) return null;
  try {
    return (await stat(path)).isFile() ? await readFile(path) : null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
    throw error;
  }
}
