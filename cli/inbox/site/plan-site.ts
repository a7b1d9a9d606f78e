import type { Diff, OnProgress, PlanPart } from '../../plan/plan';
import { counted } from '../../terminal/counted';
import { planUpload, type Upload } from './releases';
import type { SiteBucket } from './site-bucket';
import type { Site } from './site-files';

/** Whether the bucket has this build. The change uploads what differs, and deletes what is out of use. */
export async function planSite(site: Site, bucket: SiteBucket): Promise<PlanPart> {
  const content = await bucket.readContent();
  const upload = planUpload(site, content);
  const { puts, deletions } = upload;
  if (puts.length === 0 && deletions.length === 0) {
    return { upToDate: [`The site has this folder's build: ${counted(site.assets.length + 1, 'file')}`] };
  }
  const diff: Diff[] = [
    ...puts.map(({ key, body }) => ({
      what: key,
      from: content.fingerprints.has(key) ? 'another version' : null,
      to: `${body.length} bytes`,
    })),
    ...deletions.map((key) => ({ what: key, from: 'an earlier release', to: null })),
  ];
  const change = {
    summary: summaryOf(upload, bucket.name),
    diff,
    problem:
      puts.length > 0
        ? `the site is not this folder's build: ${counted(puts.length, 'file')} of it ${puts.length === 1 ? 'differs' : 'differ'}`
        : `the site has ${counted(deletions.length, 'file')} that no release uses`,
    apply: (onProgress: OnProgress) => uploadSite(site, bucket, onProgress),
  };
  return { changes: [change] };
}

/**
 * Brings the bucket to this build, from any state that an earlier upload left. The site works after each request, and a
 * second run continues.
 */
async function uploadSite(site: Site, bucket: SiteBucket, onProgress: OnProgress): Promise<void> {
  const { puts, deletions } = planUpload(site, await bucket.readContent());
  // One after the other, because their order is what keeps the site working.
  for (const [index, file] of puts.entries()) {
    onProgress(`${index + 1} of ${puts.length}, ${file.key}`);
    await bucket.put(file);
  }
  for (const key of deletions) await bucket.delete(key);
}

function summaryOf({ puts, deletions }: Upload, bucket: string): string {
  return puts.length === 0
    ? `Delete ${counted(deletions.length, 'file')} of an earlier release from ${bucket}`
    : `Upload ${counted(puts.length, 'file')} to ${bucket}`;
}
