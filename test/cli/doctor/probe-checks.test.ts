import { createServer } from 'node:http';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type StackOutputs, stackOutputs } from '../../../cli/aws/deployed-stack';
import type { CheckResult } from '../../../cli/doctor/health-check';
import { PROBE_CHECKS } from '../../../cli/doctor/probe-checks';
import { readSettings, type Settings } from '../../../cli/settings/settings';
import { type Listening, listen } from '../../../emulators/core/http-server';
import { startGateway } from '../../../emulators/gateway/gateway';
import type { Owner } from '../../../lambdas/customers/customer-repository';
import { CALLBACK_NAMES, callbackPath } from '../../../lambdas/twilio/callbacks';
import { FUNCTION_TIMEOUTS_MS } from '../../../lib/function-timeouts';
import { callbackId } from '../../../lib/stack-names';
import { callbackNamed, FIVE_CALLBACKS, startWorldForFive } from '../../world/five-callbacks';
import { captureLogLines } from '../../world/log-lines';
import {
  ACCOUNT_SID,
  AIRTABLE_API_KEY,
  AUTH_TOKEN,
  closeWorlds,
  SMS_NUMBER,
  type World,
  type WorldOptions,
} from '../../world/world';
import { examineOne } from './examine';

const PROBES = CALLBACK_NAMES.map((name) => `probe-${name}`);

let gateway: Listening;
let world: World | undefined;
let lines: ReturnType<typeof captureLogLines>;

beforeEach(async () => {
  lines = captureLogLines();
  const routes = FIVE_CALLBACKS.map(
    ({ name }): [string, Parameters<typeof startGateway>[0]['routes'][string]] => [
      `POST ${callbackPath(name)}`,
      { name, timeoutMilliseconds: FUNCTION_TIMEOUTS_MS[name], handler: callbackNamed(name).handler },
    ],
  );
  gateway = await startGateway({ routes: Object.fromEntries(routes) });
});
afterEach(async () => {
  lines.stop();
  await gateway.close();
  await world?.close();
  world = undefined;
});
afterAll(closeWorlds);

/** The deployed service: five functions behind the gateway, each with its own URL. */
async function deploy({ settings, ...options }: WorldOptions = {}): Promise<World> {
  world = await startWorldForFive({
    ...options,
    settings: { PUBLIC_BASE_URL: gateway.url, DEFAULT_WORKER: 'ana@example.com', ...settings },
  });
  return world;
}

function dotEnv(changes: Readonly<Record<string, string>> = {}): Settings {
  return readSettings({
    ACCOUNT_SID,
    AUTH_TOKEN,
    AIRTABLE_API_KEY,
    AIRTABLE_BASE_ID: 'appOfTheTest',
    TWILIO_SMS_NUMBER: SMS_NUMBER,
    DEFAULT_WORKER: 'ana@example.com',
    ...changes,
  });
}

function outputsAt(baseUrl: string): StackOutputs {
  const urls = CALLBACK_NAMES.map((name) => [`${callbackId(name)}CallbackUrl`, baseUrl + callbackPath(name)]);
  const outputs = { ApiUrl: 'https://api', CredentialsSecretArn: 'arn', ...Object.fromEntries(urls) };
  return stackOutputs({ status: 'CREATE_COMPLETE', reason: null, isProtected: false, outputs });
}

function probe(
  id: string,
  settings = dotEnv(),
  baseUrl = gateway.url,
  owners: Owner[] = [{ identity: 'ana@example.com', customers: 1 }],
): Promise<CheckResult> {
  return examineOne(PROBE_CHECKS, id, {
    settings: () => settings,
    outputs: async () => outputsAt(baseUrl),
    customers: async () => ({ listOwners: async () => owners, listTemplates: async () => [] }),
  });
}

describe('the probes of a service that works', () => {
  test.each(PROBES)('%s passes, and reports its time, cold and warm', async (id) => {
    await deploy();

    expect(await probe(id)).toEqual({
      status: 'pass',
      message: expect.stringMatching(/^(200|404) in \d+ ms, then in \d+ ms: /),
    });
  });

  test('probe-routing is not sent where the service itself routes', async () => {
    const { twilio } = await deploy();

    expect(await probe('probe-routing', dotEnv({ INBOX: 'true', ROUTING: 'service' }))).toEqual({
      status: 'pass',
      message: expect.stringContaining('ROUTING=service'),
    });
    expect(twilio.requests).toEqual([]);
  });

  test('probe-unsigned passes if it is rejected', async () => {
    await deploy();

    expect(await probe('probe-unsigned')).toEqual({
      status: 'pass',
      message: expect.stringMatching(/^rejected with 403 in \d+ ms$/),
    });
  });

  test('send nothing to Airtable, and pass while it is down', async () => {
    const { airtable } = await deploy();
    airtable.faults.always({ kind: 'server-error' });
    const before = airtable.requests.length;

    for (const id of PROBES) expect(await probe(id)).toMatchObject({ status: 'pass' });

    expect(airtable.requests.length).toBe(before);
  });

  test('change nothing, at Airtable or at Twilio', async () => {
    const { airtable, twilio } = await deploy();
    const before = JSON.stringify(airtable.base);
    const conversations = twilio.conversations().length;

    for (const id of [...PROBES, 'probe-unsigned']) await probe(id);

    expect(JSON.stringify(airtable.base)).toBe(before);
    expect(twilio.requests.filter(({ method, status }) => method !== 'GET' && status !== 404)).toEqual([]);
    expect(twilio.conversations()).toHaveLength(conversations);
    const [conversation] = twilio.conversations();
    expect(twilio.participants(conversation?.sid ?? '').filter(({ identity }) => identity)).toEqual([]);
  });

  test('pass if neither a default worker nor a WhatsApp sender is configured', async () => {
    await deploy({ settings: { DEFAULT_WORKER: '', TWILIO_WHATSAPP_NUMBER: '' } });

    for (const id of PROBES) {
      expect(await probe(id, dotEnv({ DEFAULT_WORKER: '' }))).toMatchObject({ status: 'pass' });
    }
  });
});

describe('a probe of a service that does not work', () => {
  test('reports a URL that differs from the service’s own', async () => {
    await deploy({ settings: { PUBLIC_BASE_URL: 'https://frontline.example.com' } });

    expect(await probe('probe-outgoing-conversation')).toEqual({
      status: 'fail',
      message: expect.stringMatching(
        /^returned 403: The request is not signed by Twilio for this service \(request .+\)/,
      ),
      fix: expect.stringContaining('PUBLIC_BASE_URL'),
    });
  });

  test('reports the service’s error about its secret', async () => {
    await deploy({ secret: null });

    expect(await probe('probe-outgoing-conversation')).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('returned 503: The service cannot check signatures now'),
    });
  });

  test('reports that the functions text from another number', async () => {
    await deploy();

    expect(
      await probe('probe-outgoing-conversation', dotEnv({ TWILIO_SMS_NUMBER: '+15017122669' })),
    ).toMatchObject({ status: 'fail' });
  });

  test('reports that the base was never read, and where to find more', async () => {
    await deploy({ synced: false });

    expect(await probe('probe-templates')).toMatchObject({
      status: 'fail',
      message: expect.stringMatching(/^returned 503: .*has not been read into the replica yet/),
      fix: 'See npx frontline logs --errors --callback templates',
    });
  });

  test('reports that no worker could be assigned to a conversation', async () => {
    await deploy({ customers: [], settings: { DEFAULT_WORKER: '' } });

    expect(await probe('probe-routing', dotEnv())).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('returned 500'),
      fix: expect.stringContaining('set DEFAULT_WORKER'),
    });
  });

  test('passes for a new service, which knows no worker yet, and names what it needs', async () => {
    await deploy({ customers: [{ name: 'Without an owner' }], settings: { DEFAULT_WORKER: '' } });

    expect(await probe('probe-routing', dotEnv({ DEFAULT_WORKER: '' }), gateway.url, [])).toEqual({
      status: 'pass',
      message: expect.stringMatching(/no worker can take a conversation yet; set DEFAULT_WORKER/),
    });
  });

  test('reports that Twilio rejects the credentials of the functions', async () => {
    const settings = dotEnv({ ACCOUNT_SID: `AC${'9'.repeat(32)}` });
    await deploy();

    expect(await probe('probe-twilio-conversations', settings)).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('returned 403'),
      fix: expect.stringContaining('ACCOUNT_SID'),
    });
  });

  test('reports that another service is behind the URL', async () => {
    await deploy();

    expect(await probe('probe-crm', dotEnv(), `${gateway.url}/prod`)).toMatchObject({
      status: 'fail',
      message: 'returned 404: Not Found instead of 200',
      fix: expect.stringContaining('mapping path'),
    });
  });

  test('reports that nothing is behind the URL', async () => {
    const server = await listen(createServer(), 0);
    await server.close();

    for (const id of ['probe-crm', 'probe-unsigned']) {
      expect(await probe(id, dotEnv(), server.url)).toMatchObject({
        status: 'fail',
        message: expect.stringContaining(`No response from ${server.url}/callbacks/`),
        fix: expect.stringContaining('PUBLIC_BASE_URL'),
      });
    }
  });

  test('reports that a function crashed, and where to find the cause', async () => {
    const server = await listen(
      createServer((_, response) => {
        response.writeHead(500, { 'content-type': 'application/json' });
        response.end('{"message":"Internal Server Error"}');
      }),
      0,
    );
    const outcome = await probe('probe-routing', dotEnv(), server.url);
    await server.close();

    expect(outcome).toEqual({
      status: 'fail',
      message: 'returned 500: Internal Server Error instead of 404',
      fix: expect.stringContaining('npx frontline logs --errors --callback routing'),
    });
  });
});

test('reports an unsigned request that is accepted', async () => {
  const server = await listen(
    createServer((_, response) => response.end('{"proxy_address":"+15017122661"}')),
    0,
  );
  const outcome = await probe('probe-unsigned', dotEnv(), server.url);
  await server.close();

  expect(outcome).toMatchObject({
    status: 'fail',
    message: expect.stringContaining('returned 200 to an unsigned request'),
  });
});

test('an empty secret fails only its own check: unsigned requests are still rejected', async () => {
  await deploy({ secret: null });

  expect(await probe('probe-unsigned')).toMatchObject({ status: 'pass' });
});

test('every signed probe depends on the checks whose faults it would repeat', () => {
  const checks = PROBE_CHECKS;

  expect(checks.map(({ id }) => id)).toEqual([
    'probe-unsigned',
    'probe-outgoing-conversation',
    'probe-crm',
    'probe-templates',
    'probe-routing',
    'probe-twilio-conversations',
  ]);
  for (const { dependsOn } of checks) expect(dependsOn).toContain('configuration');
  for (const { dependsOn } of checks.slice(2)) {
    expect(dependsOn).toEqual(
      expect.arrayContaining(['secret', 'twilio-token', 'replica', 'probe-unsigned', checks[1]?.id]),
    );
  }
});
