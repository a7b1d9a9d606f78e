import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ObjectIdentifier,
  S3Client,
} from '@aws-sdk/client-s3';
import { UpstreamError } from '../../lambdas/errors';
import type { OnProgress } from '../plan/plan';
import { awsErrorName, callAws, clientOptions } from './aws-errors';
import type { DeployedStack } from './deployed-stack';

/** A stack's buckets, by its resources and not its outputs, which a half-deleted stack may lack. */
export function bucketsOf({ resources }: Pick<DeployedStack, 'resources'>): readonly StackBucket[] {
  return resources.flatMap(({ type, physicalId }) =>
    type === 'AWS::S3::Bucket' && physicalId !== null ? [new StackBucket(physicalId)] : [],
  );
}

/**
 * A bucket that CloudFormation can delete only when it is empty, with the caller's own credentials.
 * Every method throws {AwsSetupError} {ServiceUnavailableError} {UpstreamError}.
 */
export class StackBucket {
  readonly #client = new S3Client(clientOptions());

  constructor(readonly name: string) {}

  /** Whether there is nothing to delete. True if the bucket does not exist. */
  async isEmpty(): Promise<boolean> {
    return (await this.#firstVersions()).length === 0;
  }

  /** Deletes every object with all its versions. Does nothing if the bucket does not exist. */
  async empty(onProgress: OnProgress): Promise<void> {
    let deleted = 0;
    for (;;) {
      const Objects = await this.#firstVersions();
      if (Objects.length === 0) return;
      const command = new DeleteObjectsCommand({ Bucket: this.name, Delete: { Objects, Quiet: true } });
      const { Errors: [error] = [] } = await callAws('s3:DeleteObjects', () => this.#client.send(command));
      if (error !== undefined) {
        const { Key = 'an object', Message = error.Code } = error;
        throw new UpstreamError(`S3 did not delete ${Key} of the bucket ${this.name}: ${Message}`);
      }
      deleted += Objects.length;
      onProgress(`${deleted} objects deleted`);
    }
  }

  /** Up to 1,000 objects with their versions; empty if the bucket does not exist. */
  #firstVersions(): Promise<ObjectIdentifier[]> {
    return callAws('s3:ListBucketVersions', async () => {
      try {
        const page = await this.#client.send(new ListObjectVersionsCommand({ Bucket: this.name }));
        const { Versions = [], DeleteMarkers = [] } = page;
        return [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
      } catch (error) {
        if (awsErrorName(error) === 'NoSuchBucket') return [];
        throw error;
      }
    });
  }
}
