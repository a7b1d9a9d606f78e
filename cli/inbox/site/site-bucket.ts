import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { callAws, clientOptions } from '../../aws/aws-errors';
import { type BucketContent, RELEASES_FILE } from './releases';
import type { SiteFile } from './site-files';

/** The name of an object's metadata that holds the file's fingerprint. */
const FINGERPRINT = 'fingerprint';

/**
 * The bucket of the site, with the caller's own credentials.
 * Every method throws {AwsSetupError} {ServiceUnavailableError} {UpstreamError}.
 */
export class SiteBucket {
  readonly #client = new S3Client(clientOptions());

  constructor(readonly name: string) {}

  async readContent(): Promise<BucketContent> {
    const keys = await this.#listKeys();
    const fingerprints = await Promise.all(
      keys.map(async (key) => [key, await this.#readFingerprint(key)] as const),
    );
    const releases = keys.includes(RELEASES_FILE) ? await this.#readText(RELEASES_FILE) : null;
    return { fingerprints: new Map(fingerprints), releases };
  }

  async put({ key, body, contentType, cacheControl, fingerprint }: SiteFile): Promise<void> {
    const command = new PutObjectCommand({
      Bucket: this.name,
      Key: key,
      Body: body,
      ContentType: contentType,
      CacheControl: cacheControl,
      Metadata: { [FINGERPRINT]: fingerprint },
    });
    await callAws('s3:PutObject', () => this.#client.send(command));
  }

  async delete(key: string): Promise<void> {
    const command = new DeleteObjectCommand({ Bucket: this.name, Key: key });
    await callAws('s3:DeleteObject', () => this.#client.send(command));
  }

  #listKeys(): Promise<readonly string[]> {
    const pages = paginateListObjectsV2({ client: this.#client }, { Bucket: this.name });
    return callAws('s3:ListBucket', async () => {
      const keys: string[] = [];
      for await (const { Contents = [] } of pages) keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
      return keys;
    });
  }

  async #readFingerprint(key: string): Promise<string | null> {
    const command = new HeadObjectCommand({ Bucket: this.name, Key: key });
    const { Metadata = {} } = await callAws('s3:GetObject', () => this.#client.send(command));
    return Metadata[FINGERPRINT] ?? null;
  }

  async #readText(key: string): Promise<string> {
    const command = new GetObjectCommand({ Bucket: this.name, Key: key });
    const { Body } = await callAws('s3:GetObject', () => this.#client.send(command));
    return (await Body?.transformToString()) ?? '';
  }
}
