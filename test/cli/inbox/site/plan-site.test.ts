import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { StackBucket } from '../../../../cli/aws/stack-buckets';
import { planSite } from '../../../../cli/inbox/site/plan-site';
import { SiteBucket } from '../../../../cli/inbox/site/site-bucket';
import { type Site, siteFile } from '../../../../cli/inbox/site/site-files';
import { type S3Double, startS3 } from './s3-double';

const before = { ...process.env };
let s3: S3Double;

beforeEach(async () => {
  s3 = await startS3();
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_S3: s3.url,
  });
});
afterEach(async () => {
  await s3.close();
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});

/** A release whose page uses all of its assets. */
function release(
  name: string,
  assets: readonly string[] = [`assets/${name}.js`, `assets/${name}.css`],
): Site {
  return {
    page: siteFile('index.html', Buffer.from(JSON.stringify({ name, assets }))),
    assets: [...assets, 'icon.svg'].map((key) => siteFile(key, Buffer.from(`content of ${key}`))),
  };
}

const plan = (site: Site) => planSite(site, new SiteBucket('site'));

async function upload(site: Site): Promise<void> {
  for (const change of (await plan(site)).changes ?? []) await change.apply(() => {});
}

/** Begins to upload and is killed after some writes. */
async function uploadUntil(writes: number, site: Site): Promise<void> {
  s3.writesLeft = writes;
  await upload(site).catch(() => {});
  s3.writesLeft = Number.POSITIVE_INFINITY;
}

/** The name of the release that a browser gets, with every asset. */
function shown(): string {
  const page = JSON.parse(s3.objects.get('index.html')?.body.toString() ?? '{}');
  for (const key of page.assets) {
    if (s3.objects.get(key)?.body.toString() !== `content of ${key}`) throw new Error(`${key} is missing`);
  }
  return page.name;
}

const keys = () => [...s3.objects.keys()].sort();
const [A, B, C] = [release('a'), release('b'), release('c')];

describe('the first upload', () => {
  test('puts the assets first, then the page, then the list of releases', async () => {
    await upload(A);

    expect(s3.writes).toEqual([
      'PUT assets/a.js',
      'PUT assets/a.css',
      'PUT icon.svg',
      'PUT index.html',
      'PUT releases.json',
    ]);
    expect(shown()).toBe('a');
  });

  test('lets browsers keep for ever what has a hash in its name, and ask for the rest each time', async () => {
    await upload(A);

    const headersOf = (key: string) => s3.objects.get(key)?.headers;
    expect(headersOf('assets/a.js')).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect(headersOf('index.html')).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    });
    expect(headersOf('icon.svg')).toMatchObject({
      'content-type': 'image/svg+xml',
      'cache-control': 'no-cache',
    });
  });

  test('shows each file in the plan', async () => {
    expect(await plan(A)).toMatchObject({
      changes: [
        {
          summary: 'Upload 5 files to site',
          problem: "the site is not this folder's build: 5 files of it differ",
          diff: expect.arrayContaining([{ what: 'assets/a.js', from: null, to: '22 bytes' }]),
        },
      ],
    });
  });
});

test('the same build again changes nothing', async () => {
  await upload(A);
  s3.writes.length = 0;

  expect(await plan(A)).toEqual({ upToDate: ["The site has this folder's build: 4 files"] });
  await upload(A);
  expect(s3.writes).toEqual([]);
});

describe('a new release', () => {
  test('keeps the files of the one before, and deletes older ones last', async () => {
    await upload(A);
    await upload(B);
    expect(keys()).toEqual(expect.arrayContaining(['assets/a.js', 'assets/b.js']));
    s3.writes.length = 0;

    await upload(C);

    expect(s3.writes.slice(-3)).toEqual(['PUT releases.json', 'DELETE assets/a.css', 'DELETE assets/a.js']);
    expect(keys()).toEqual([
      ...['assets/b.css', 'assets/b.js', 'assets/c.css', 'assets/c.js'],
      ...['icon.svg', 'index.html', 'releases.json'],
    ]);
    expect((await plan(C)).changes).toBeUndefined();
  });

  test('of which only the page differs uploads no asset', async () => {
    await upload(A);
    s3.writes.length = 0;
    const page = siteFile('index.html', Buffer.from('{"name":"new","assets":["assets/a.js"]}'));

    await upload({ ...A, page });

    expect(s3.writes).toEqual(['PUT index.html', 'PUT releases.json']);
  });

  test('that is the one before again uploads the page only', async () => {
    await upload(A);
    await upload(B);
    s3.writes.length = 0;

    await upload(A);

    expect(s3.writes).toEqual(['PUT index.html', 'PUT releases.json']);
    expect(keys()).toContain('assets/b.js');
  });
});

describe('an upload that is killed', () => {
  // Three assets, of which the icon is there already, the page, the list, and two deletions.
  test.each([0, 1, 2, 3, 4, 5])(
    'after %i writes leaves a working site, and a second run completes it',
    async (writes) => {
      await upload(A);
      await upload(B);

      await uploadUntil(writes, C);

      expect(shown()).toBe(writes < 3 ? 'b' : 'c');
      // Tabs that were opened before still find their files.
      expect(keys()).toEqual(expect.arrayContaining(['assets/b.css', 'assets/b.js']));

      await upload(C);
      expect(shown()).toBe('c');
      expect(keys()).toEqual([
        ...['assets/b.css', 'assets/b.js', 'assets/c.css', 'assets/c.js'],
        ...['icon.svg', 'index.html', 'releases.json'],
      ]);
      expect((await plan(C)).changes).toBeUndefined();
    },
  );

  test.each([0, 1, 2, 3, 4])(
    'for the first time after %i writes is completed by a second run',
    async (writes) => {
      await uploadUntil(writes, A);
      await upload(A);

      expect(shown()).toBe('a');
      expect((await plan(A)).changes).toBeUndefined();
    },
  );

  test('between the page and the list keeps the files of that page, when another build comes next', async () => {
    await upload(A);
    await uploadUntil(3, B);
    expect(shown()).toBe('b');

    await upload(C);

    expect(keys()).toEqual(expect.arrayContaining(['assets/b.js', 'assets/c.js']));
    expect((await plan(C)).changes).toBeUndefined();
  });
});

describe('a bucket that a person has changed', () => {
  beforeEach(() => upload(A));

  test('gets a deleted file back', async () => {
    s3.objects.delete('assets/a.js');
    await upload(A);

    expect(shown()).toBe('a');
  });

  test('gets a file back that another program wrote', async () => {
    s3.objects.set('index.html', { body: Buffer.from('<h1>Hello</h1>'), headers: {} });
    await upload(A);

    expect(shown()).toBe('a');
  });

  test('keeps what it has if its list of releases is gone or unreadable', async () => {
    await upload(B);
    s3.objects.set('releases.json', { body: Buffer.from('{'), headers: {} });
    await upload(C);

    expect(keys()).toEqual(expect.arrayContaining(['assets/a.js', 'assets/b.js', 'assets/c.js']));
    expect((await plan(C)).changes).toBeUndefined();
  });
});

describe('emptying the bucket', () => {
  test('deletes everything, and does nothing where it is gone', async () => {
    await upload(A);
    const bucket = new StackBucket('site');
    expect(await bucket.isEmpty()).toBe(false);

    await bucket.empty(() => {});
    expect([keys(), await bucket.isEmpty()]).toEqual([[], true]);

    s3.exists = false;
    await bucket.empty(() => {});
    expect(await bucket.isEmpty()).toBe(true);
  });
});
