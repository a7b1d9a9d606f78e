import type { IncomingMessage } from 'node:http';
import type { HttpResponse } from '../../../../emulators/core/http-response';
import { type Listening, startHttpServer } from '../../../../emulators/core/http-server';

/** An object as it was put. */
interface StoredObject {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** One bucket over HTTP, with the operations that the site uses. */
export interface S3Double extends Listening {
  readonly objects: Map<string, StoredObject>;
  /** Keys that were put or deleted, in order: `PUT index.html`. */
  readonly writes: string[];
  /** How many more writes succeed; every later one is rejected, as if the process had been killed before it. */
  writesLeft: number;
  /** Whether the bucket exists. */
  exists: boolean;
}

const BUCKET = /^\/([^/?]+)\/?([^?]*)/;

export async function startS3(): Promise<S3Double> {
  const objects = new Map<string, StoredObject>();
  const writes: string[] = [];
  const listening = await startHttpServer({
    maxBodyBytes: 10_000_000,
    respond: async (request, body) => answer(double, request, body),
    respondToError: (error) => ({ status: 500, body: String(error) }),
  });
  const double: S3Double = {
    ...listening,
    objects,
    writes,
    writesLeft: Number.POSITIVE_INFINITY,
    exists: true,
  };
  return double;
}

function answer(double: S3Double, request: IncomingMessage, body: Buffer): HttpResponse {
  const { method = '', url = '', headers } = request;
  if (!double.exists) return failure(404, 'NoSuchBucket');
  const key = decodeURIComponent(BUCKET.exec(url)?.[2] ?? '');
  const query = new URL(url, 'http://s3').searchParams;
  if (method === 'GET' && key === '') return query.has('versions') ? versions(double) : list(double, query);
  const stored = double.objects.get(key);
  if (method === 'GET' || method === 'HEAD') {
    return stored === undefined
      ? failure(404, 'NoSuchKey')
      : { status: 200, headers: stored.headers, body: method === 'HEAD' ? '' : stored.body };
  }
  if (double.writesLeft <= 0) return failure(403, 'AccessDenied');
  double.writesLeft -= 1;
  if (method === 'PUT') {
    double.writes.push(`PUT ${key}`);
    const kept = ['content-type', 'cache-control', 'x-amz-meta-fingerprint'].flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value] as const] : [];
    });
    double.objects.set(key, { body: decoded(request, body), headers: Object.fromEntries(kept) });
    return { status: 200 };
  }
  if (method === 'DELETE') {
    double.writes.push(`DELETE ${key}`);
    double.objects.delete(key);
    return { status: 204 };
  }
  for (const [, each = ''] of body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)) {
    double.writes.push(`DELETE ${each}`);
    double.objects.delete(each);
  }
  return { status: 200, body: '<DeleteResult/>' };
}

/** A page of two keys, so that paging is used. */
function list({ objects }: S3Double, query: URLSearchParams): HttpResponse {
  const after = query.get('continuation-token') ?? '';
  const keys = [...objects.keys()].sort().filter((key) => key > after);
  const page = keys.slice(0, 2);
  const next = keys.length > 2 ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
  const contents = page.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('');
  const body = `<ListBucketResult><IsTruncated>${keys.length > 2}</IsTruncated>${contents}${next}</ListBucketResult>`;
  return { status: 200, body };
}

function versions({ objects }: S3Double): HttpResponse {
  const all = [...objects.keys()].map(
    (key) => `<Version><Key>${key}</Key><VersionId>1</VersionId></Version>`,
  );
  return { status: 200, body: `<ListVersionsResult>${all.join('')}</ListVersionsResult>` };
}

function failure(status: number, code: string): HttpResponse {
  return { status, body: `<Error><Code>${code}</Code><Message>${code}</Message></Error>` };
}

/** The body without the chunks' signatures and checksums, if the client sent it in chunks. */
function decoded({ headers }: IncomingMessage, body: Buffer): Buffer {
  if (!headers['content-encoding']?.includes('aws-chunked')) return body;
  const size = Number.parseInt(body.toString('latin1'), 16);
  const start = body.indexOf('\r\n') + 2;
  return body.subarray(start, start + size);
}
