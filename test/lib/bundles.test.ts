import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listen } from '../../emulators/core/http-server';
import { CALLBACK_NAMES } from '../../lambdas/twilio/callbacks';
import { bundle, MINIMAL, WITH_INBOX } from './synthesis';

const CREDENTIALS = {
  ACCOUNT_SID: 'AC5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e',
  AUTH_TOKEN: 'c0ffee00c0ffee00c0ffee00c0ffee00',
  AUTH_TOKEN_SECONDARY: 'decade00decade00decade00decade00',
  AIRTABLE_API_KEY: 'patAbCdEf123.0123456789abcdef',
};

const { bundles, files, remove } = bundle({ ...WITH_INBOX, ...CREDENTIALS });

afterAll(remove);

describe('the deployed files', () => {
  test.each(Object.entries(CREDENTIALS))('contain no %s, even if it is in .env', (_, credential) => {
    expect(files.filter((text) => text.includes(credential))).toEqual([]);
  });

  test('contain ten bundles', () => {
    expect(Object.keys(bundles)).toHaveLength(10);
  });

  test.each(Object.entries(bundles))(
    'responds to %s with a handler that needs only its own file',
    (_, folder) => {
      const script = `process.stdout.write(typeof require('./index.js').handler)`;
      const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
        cwd: folder,
        env: {},
        encoding: 'utf8',
      });

      expect({ stdout, stderr }).toEqual({ stdout: 'function', stderr: '' });
    },
  );

  test.each(Object.entries(bundles))('maps the lines of %s to its sources', (name, folder) => {
    expect(sourcesOf(folder)).toContainEqual(expect.stringMatching(`/lambdas/${name}.ts$`));
  });

  test.each(Object.entries(bundles))('looks for credentials of %s in its environment only', (_, folder) => {
    const providers = sourcesOf(folder).filter((source) =>
      /credential-provider-(node|ini|sso|http|process|login|web-identity)|token-providers/.test(source),
    );

    expect(providers).toEqual([]);
  });

  test('bundle the packages of dependencies, and none of devDependencies', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    const sources = Object.values(bundles).flatMap(sourcesOf);
    const isBundled = (name: string) => sources.some((source) => source.includes(`/node_modules/${name}/`));

    expect(Object.keys(dependencies).filter((name) => !isBundled(name))).toEqual([]);
    expect(Object.keys(devDependencies).filter(isBundled)).toEqual([]);
  });

  // A callback loads what it needs to put an event on the queue, whose client is loaded with the first one.
  test.each([...CALLBACK_NAMES, 'airtable-webhook', 'sync'])(
    'hold nothing else of the inbox in %s',
    (name) => {
      const ofInbox = sourcesOf(bundles[name] ?? '').filter((source) =>
        /\/lambdas\/inbox\/|client-apigatewaymanagementapi/.test(source),
      );
      const isNeeded = (source: string) =>
        /\/inbox\/(queue\/|inbox-configuration|store\/(address-partition|inbox-(keys|table)|chats-at-address))/.test(
          source,
        );

      expect(ofInbox.filter((source) => !isNeeded(source))).toEqual([]);
    },
  );

  // Today's sizes plus a tenth, so that an unnoticed new dependency fails here.
  test.each([
    ['crm', 680],
    ['outgoing-conversation', 400],
    ['routing', 640],
    ['templates', 640],
    ['twilio-conversations', 650],
    ['airtable-webhook', 550],
    ['sync', 675],
    ['inbox-api', 765],
    ['inbox-events', 705],
    ['inbox-live', 415],
  ])('loads %s fast: the bundle stays under %d kB', (name, kilobytes) => {
    expect(statSync(join(bundles[name] ?? '', 'index.js')).size / 1_024).toBeLessThan(kilobytes);
  });
});

describe('the deployed functions', () => {
  const requests: IncomingHttpHeaders[] = [];
  const aws = createServer((request, response) => {
    requests.push(request.headers);
    const isSecret = String(request.headers['x-amz-target']).startsWith('secretsmanager.');
    response.writeHead(isSecret ? 200 : 400, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(
      JSON.stringify(
        isSecret
          ? { SecretString: JSON.stringify(CREDENTIALS) }
          : { __type: 'com.amazon.coral.service#AccessDeniedException' },
      ),
    );
  });
  let url: string;

  beforeAll(async () => {
    ({ url } = await listen(aws, 0));
  });
  afterAll(() => void aws.close());

  test("sign Secrets Manager and DynamoDB requests with the environment's credentials, session included", async () => {
    const script = `require('./index.js').handler({ run: 'schedule' }).catch((error) => console.log(error.message))`;
    const child = spawn(process.execPath, ['-e', script], {
      cwd: bundles['sync'],
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...MINIMAL,
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'AKIDENVIRONMENT',
        AWS_SECRET_ACCESS_KEY: 'environment',
        AWS_SESSION_TOKEN: 'session-of-the-role',
        AWS_ENDPOINT_URL: url,
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        CREDENTIALS_SECRET_ARN: 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:x',
        REPLICA_TABLE_NAME: 'replica',
        OPT_OUT_TABLE_NAME: 'opt-outs',
        SYNC_FUNCTION_NAME: 'sync',
        POWERTOOLS_METRICS_DISABLED: 'true',
      },
    });
    const output = await text(child.stdout);

    expect(output).toContain('AccessDeniedException');
    // A request that the machine delays is sent again.
    expect(new Set(requests.map((headers) => String(headers['x-amz-target']).split('.')[0]))).toEqual(
      new Set(['secretsmanager', 'DynamoDB_20120810']),
    );
    for (const headers of requests) {
      expect(headers.authorization).toContain('Credential=AKIDENVIRONMENT/');
      expect(headers['x-amz-security-token']).toBe('session-of-the-role');
    }
  });
});

function sourcesOf(bundle: string): string[] {
  return JSON.parse(readFileSync(join(bundle, 'index.js.map'), 'utf8')).sources;
}
