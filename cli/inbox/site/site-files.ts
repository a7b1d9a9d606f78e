import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { PAGE_FILE } from '../../../lib/inbox/page-paths';
import { cacheControlOf } from '../../../lib/inbox/site-headers';
import { contentTypeOf } from './content-types';

/** A file of the site as it is in the bucket. */
export interface SiteFile {
  /** Its key in the bucket, which is its path without a slash at the beginning: `assets/index-a1b2.js`. */
  readonly key: string;
  readonly body: Buffer;
  readonly contentType: string;
  readonly cacheControl: string;
  /** Changes with the content and with the headers. */
  readonly fingerprint: string;
}

/** A build of the app, ready to be uploaded. */
export interface Site {
  readonly page: SiteFile;
  /** Every other file. */
  readonly assets: readonly SiteFile[];
}

export function siteFile(key: string, body: Buffer): SiteFile {
  const cacheControl = cacheControlOf(key);
  const contentType = contentTypeOf(key);
  const hash = createHash('sha256').update(`${contentType}\n${cacheControl}\n`).update(body);
  return { key, body, contentType, cacheControl, fingerprint: hash.digest('hex') };
}

/**
 * Reads a built app.
 * @param directory the folder of the built files
 * @param pageFor makes the deployed page of the built one
 */
export async function readSite(directory: string, pageFor: (html: string) => string): Promise<Site> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const files = await Promise.all(
    paths.sort().map(async (path) => {
      const key = path.slice(directory.length + 1).replaceAll(sep, '/');
      const body = await readFile(path);
      return siteFile(key, key === PAGE_FILE ? Buffer.from(pageFor(body.toString())) : body);
    }),
  );
  const page = files.find(({ key }) => key === PAGE_FILE);
  if (page === undefined) throw new Error(`The built app in ${directory} has no ${PAGE_FILE}`);
  return { page, assets: files.filter((file) => file !== page) };
}
