import * as v from 'valibot';
import { type Site, type SiteFile, siteFile } from './site-files';

/** The file in the bucket that says which others are in use. */
export const RELEASES_FILE = 'releases.json';

const Keys = v.pipe(v.array(v.string()), v.readonly());

const Releases = v.object({
  /** The release that the page is of: the page's fingerprint, and its other files. */
  current: v.object({ page: v.string(), files: Keys }),
  /** The files of the release before, which open pages may still ask for. */
  previous: Keys,
});
type Releases = v.InferOutput<typeof Releases>;

const ReleasesText = v.pipe(v.string(), v.parseJson(), Releases);

/** The content of the bucket. */
export interface BucketContent {
  /** The fingerprint of each object by key; null for one that another program wrote. */
  readonly fingerprints: ReadonlyMap<string, string | null>;
  /** The text of `RELEASES_FILE`; null if it does not exist. */
  readonly releases: string | null;
}

/** The requests that bring the bucket to a release, in their order. Empty if nothing is to do. */
export interface Upload {
  /** The assets first, then the page, then the list of releases, so that the site works after each of them. */
  readonly puts: readonly SiteFile[];
  /** Files that neither this release nor the one before has. Deleted at the end. */
  readonly deletions: readonly string[];
}

/** Compares the bucket with a release. */
export function planUpload({ page, assets }: Site, { fingerprints, releases }: BucketContent): Upload {
  const files = assets.map(({ key }) => key).sort();
  const present = [...fingerprints.keys()].filter((key) => key !== page.key && key !== RELEASES_FILE);
  const previous = previousFiles({ page: page.fingerprint, files }, present, {
    known: parsed(releases),
    page: fingerprints.get(page.key) ?? null,
  });
  const list = listFile({ current: { page: page.fingerprint, files }, previous });
  const used = new Set([...files, ...previous]);
  return {
    puts: [...assets, page, list].filter(({ key, fingerprint }) => fingerprints.get(key) !== fingerprint),
    deletions: present.filter((key) => !used.has(key)),
  };
}

/** The files that the release before this one has. */
function previousFiles(
  wanted: Releases['current'],
  present: readonly string[],
  { known, page }: { readonly known: Releases | null; readonly page: string | null },
): readonly string[] {
  const others = () => present.filter((key) => !wanted.files.includes(key)).sort();
  if (known === null || page === null) return others();
  const { current, previous } = known;
  // The page is of a third release, whose upload ended before the list: its files are not known, so all stay.
  if (page !== current.page && page !== wanted.page) return others();
  const isSame = current.page === wanted.page && current.files.join() === wanted.files.join();
  return isSame ? previous : current.files;
}

function listFile(releases: Releases): SiteFile {
  return siteFile(RELEASES_FILE, Buffer.from(`${JSON.stringify(releases, null, 2)}\n`));
}

function parsed(text: string | null): Releases | null {
  const result = v.safeParse(ReleasesText, text);
  return result.success ? result.output : null;
}
