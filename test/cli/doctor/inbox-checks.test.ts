import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CachedAws } from '../../../cli/aws/cached-lookups';
import type { DeployedStack } from '../../../cli/aws/deployed-stack';
import { type DoctorContext, doctorContext } from '../../../cli/doctor/doctor-context';
import type { CheckResult } from '../../../cli/doctor/health-check';
import { inboxChecks } from '../../../cli/doctor/inbox-checks';
import { pageFor } from '../../../cli/inbox/site/page';
import { planSite } from '../../../cli/inbox/site/plan-site';
import { SiteBucket } from '../../../cli/inbox/site/site-bucket';
import { type Site, siteFile } from '../../../cli/inbox/site/site-files';
import { readSettings } from '../../../cli/settings/settings';
import type { HttpResponse } from '../../../emulators/core/http-response';
import { type Listening, startHttpServer } from '../../../emulators/core/http-server';
import { ServiceUnavailableError } from '../../../lambdas/errors';
import { INBOX_FUNCTION_NAMES } from '../../../lib/function-names';
import { INBOX_STACK_NAME } from '../../../lib/stack-names';
import { FAST } from '../airtable/team';
import { aStack, IDENTITY } from '../aws/a-stack';
import { type S3Double, startS3 } from '../inbox/site/s3-double';
import { MINIMAL } from '../settings/minimal-settings';
import { examineOne } from './examine';

const OUTPUTS = {
  InboxUrl: 'https://d1.cloudfront.net',
  InboxApiUrl: 'https://api.example.com',
  LiveUrl: 'wss://live.example.com/live',
  SignInUrl: 'https://sign-in.example.com',
  UserPoolId: 'us-east-1_pool',
  UserPoolClientId: 'client1',
  SiteBucketName: 'site',
  DashboardUrl: 'https://console.example.com',
  DistributionId: 'E1',
  DistributionDomainName: 'd1.cloudfront.net',
};
const VARIABLES = { AIRTABLE_BASE_ID: 'appTest', TWILIO_SMS_NUMBER: '+14135550100', ROUTING: 'service' };
const SETTINGS = { INBOX: 'true', ROUTING: 'service' };

const anInboxStack = (changes: Partial<DeployedStack> = {}) =>
  aStack({
    name: INBOX_STACK_NAME,
    outputs: OUTPUTS,
    functionVariables: new Map(INBOX_FUNCTION_NAMES.map((name) => [name, VARIABLES])),
    ...changes,
  });

function accountWith(inboxStack: CachedAws['inboxStack']): CachedAws {
  return { identity: async () => IDENTITY, stack: async () => null, inboxStack };
}

/** This folder's build, as it is for the deployed inbox. */
function aSite(script = 'assets/a.js'): Site {
  const html = `<!doctype html><head><meta charset="utf-8" /><script src="/${script}"></script></head>`;
  const page = pageFor(html, {
    apiUrl: OUTPUTS.InboxApiUrl,
    liveUrl: OUTPUTS.LiveUrl,
    signInUrl: OUTPUTS.SignInUrl,
    clientId: OUTPUTS.UserPoolClientId,
    mediaUrl: null,
  });
  return { page: siteFile('index.html', Buffer.from(page)), assets: [siteFile(script, Buffer.from('1'))] };
}

/** Runs one check of an inbox that is turned on. */
async function check(
  id: string,
  replaced: Partial<DoctorContext>,
  dotEnv: Readonly<Record<string, string>> = SETTINGS,
): Promise<CheckResult> {
  const context = {
    aws: accountWith(async () => anInboxStack()),
    settings: () => readSettings({ ...MINIMAL, ...dotEnv }),
    inboxSite: async () => aSite(),
    ...replaced,
  };
  const checks = await inboxChecks(doctorContext(SETTINGS, FAST, context));
  return examineOne(checks, id, context);
}

describe('the checks of the inbox', () => {
  const idsFor = async (
    environment: Readonly<Record<string, string>>,
    inboxStack: CachedAws['inboxStack'],
  ) => {
    const context = doctorContext(environment, FAST, { aws: accountWith(inboxStack) });
    return (await inboxChecks(context)).map(({ id }) => id);
  };

  test('are all made if .env has an inbox', async () => {
    expect(await idsFor({ INBOX: 'true' }, async () => null)).toEqual([
      ...['inbox-stack', 'inbox-settings', 'inbox-site', 'inbox-address', 'inbox-events', 'inbox-workers'],
    ]);
  });

  test('are not made without an inbox', async () => {
    expect(await idsFor({}, async () => null)).toEqual([]);
    expect(await idsFor({ INBOX: 'false' }, async () => null)).toEqual([]);
  });

  test('are not made if AWS does not answer, which another check reports', async () => {
    const busy = async () => {
      throw new ServiceUnavailableError('AWS is busy', 60);
    };

    expect(await idsFor({}, busy)).toEqual([]);
  });

  test('name an inbox that .env does not have', async () => {
    const context = { aws: accountWith(async () => anInboxStack()), settings: () => readSettings(MINIMAL) };
    const checks = await inboxChecks(doctorContext({}, FAST, context));

    expect(checks.map(({ id }) => id)).toEqual(['inbox-stack']);
    expect(await examineOne(checks, 'inbox-stack', context)).toEqual({
      status: 'fail',
      message: 'The stack FrontlineAirtableInbox is deployed, but .env has no INBOX=true',
      fix: expect.stringContaining('npx frontline teardown --inbox'),
    });
  });
});

test('the checks of Twilio know whether the inbox is deployed', async () => {
  const isAbsent = (inboxStack: CachedAws['inboxStack']) =>
    doctorContext({}, FAST, { aws: accountWith(inboxStack), settings: () => readSettings(MINIMAL) })
      .twilio()
      .isInboxStackAbsent();

  expect(await isAbsent(async () => anInboxStack())).toBe(false);
  expect(await isAbsent(async () => null)).toBe(true);
});

describe('inbox-stack', () => {
  const ofStack = (stack: DeployedStack | null, dotEnv = SETTINGS) =>
    check('inbox-stack', { aws: accountWith(async () => stack) }, dotEnv);

  test('passes if it is deployed, with its address', async () => {
    expect(await ofStack(anInboxStack())).toEqual({
      status: 'pass',
      message: 'UPDATE_COMPLETE, at https://d1.cloudfront.net',
    });
  });

  test('fails without a stack, and names the command', async () => {
    expect(await ofStack(null)).toMatchObject({
      status: 'fail',
      fix: expect.stringContaining('npx frontline setup --inbox'),
    });
  });

  test('fails in a state that cannot be used, and without a function', async () => {
    expect(await ofStack(anInboxStack({ status: 'ROLLBACK_COMPLETE' }))).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('ROLLBACK_COMPLETE'),
    });
    expect(
      await ofStack(anInboxStack({ functionVariables: new Map([['inbox-api', VARIABLES]]) })),
    ).toMatchObject({
      status: 'fail',
      message: 'no function for inbox-events, inbox-live',
    });
  });

  test('fails if INBOX_URL was set or cleared since', async () => {
    const withUrl = { ...SETTINGS, INBOX_URL: 'https://inbox.example.com' };
    expect(await ofStack(anInboxStack(), withUrl)).toMatchObject({
      status: 'fail',
      message:
        'it is deployed for https://d1.cloudfront.net, and in .env INBOX_URL is https://inbox.example.com',
    });

    const own = anInboxStack({ outputs: { ...OUTPUTS, InboxUrl: 'https://inbox.example.com' } });
    expect(await ofStack(own, withUrl)).toMatchObject({ status: 'pass' });
    const spelledOtherwise = { ...SETTINGS, INBOX_URL: 'HTTPS://Inbox.Example.com:443/' };
    expect(await ofStack(own, spelledOtherwise)).toMatchObject({ status: 'pass' });
    expect(await ofStack(own)).toMatchObject({
      status: 'fail',
      message: 'it is deployed for https://inbox.example.com, and in .env INBOX_URL is blank',
    });
  });
});

test('inbox-settings names the settings of the inbox that differ', async () => {
  expect(await check('inbox-settings', {})).toEqual({ status: 'pass', message: 'same as .env' });
  expect(await check('inbox-settings', {}, { ...SETTINGS, ROUTING: 'frontline' })).toMatchObject({
    status: 'fail',
    findings: [{ what: 'ROUTING: deployed service, in .env frontline', link: null }],
  });
});

describe('inbox-site', () => {
  const before = { ...process.env };
  let s3: S3Double;
  beforeEach(async () => {
    s3 = await startS3();
    const key = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    Object.assign(process.env, { ...key, AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_S3: s3.url });
  });
  afterEach(async () => {
    await s3.close();
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  });

  test('passes for this build, and fails for another, without changing anything', async () => {
    const { changes = [] } = await planSite(aSite(), new SiteBucket('site'));
    for (const { apply } of changes) await apply(() => {});
    const writes = [...s3.writes];

    expect(await check('inbox-site', {})).toMatchObject({ status: 'pass' });
    expect(await check('inbox-site', { inboxSite: async () => aSite('assets/b.js') })).toEqual({
      status: 'fail',
      message: "the site is not this folder's build: 3 files of it differ",
      fix: 'npx frontline setup',
    });
    expect(s3.writes).toEqual(writes);
  });
});

describe('inbox-address', () => {
  let site: Listening;
  let response: HttpResponse;
  beforeEach(async () => {
    site = await startHttpServer({
      maxBodyBytes: 0,
      respond: async () => response,
      respondToError: () => ({ status: 500 }),
    });
  });
  afterEach(() => site.close());

  const opened = (answer: HttpResponse) => {
    response = answer;
    return check('inbox-address', {}, { ...SETTINGS, INBOX_URL: site.url });
  };
  const page = (html: string): HttpResponse => ({ status: 200, headers: {}, body: html });

  test('passes if it shows this build', async () => {
    expect(await opened(page(aSite().page.body.toString()))).toEqual({
      status: 'pass',
      message: `${site.url} shows this folder's build`,
    });
  });

  test.each([
    ['is forbidden', { status: 403 }, /returns 403: the site has no page/],
    ['is missing', { status: 404 }, /returns 404: the site has no page/],
    ['fails', { status: 502 }, /returns 502$/],
    ['is of another site', page('<h1>Hello</h1>'), /a page that is not the inbox's/],
    [
      'is of another deployment',
      page('<meta name="inbox-api" content="https://other.example.com" />'),
      /the inbox of another deployment \(https:\/\/other\.example\.com\)/,
    ],
    [
      'is of another build',
      page(aSite('assets/old.js').page.body.toString()),
      /another build than this folder's/,
    ],
  ])('fails if the page %s', async (_, answer, message) => {
    expect(await opened(answer)).toMatchObject({ status: 'fail', message: expect.stringMatching(message) });
  });

  test('fails if it cannot be opened, with the reason and what the DNS record must be', async () => {
    const { url } = site;
    await site.close();

    expect(await check('inbox-address', {}, { ...SETTINGS, INBOX_URL: url })).toEqual({
      status: 'fail',
      message: expect.stringMatching(/cannot be opened \(.*ECONNREFUSED/),
      fix: expect.stringContaining('record to d1.cloudfront.net'),
    });
  });
});

describe('inbox-workers', () => {
  const ana = { subject: 'a', identity: 'ana@example.com', name: 'Ana', isActive: true };
  const user = { subject: 'a', email: 'ana@example.com', isEnabled: true };
  const ofTeam = (records: readonly (typeof ana)[], users: readonly (typeof user)[]) =>
    check('inbox-workers', {
      inbox: async () => ({
        workers: {
          list: async () => records.map((record) => ({ ...record, isAvailable: true, isIndexed: true })),
        },
        users: {
          list: async () =>
            users.map((each) => ({ ...each, hasSignedIn: true, createdAt: null, changedAt: null })),
        },
      }),
    });

  test('passes if each worker has a user, and each user is a worker', async () => {
    const removed = [{ ...ana, subject: 'b', isActive: false }];
    const disabled = [{ ...user, subject: 'b', isEnabled: false }];

    expect(await ofTeam([ana, ...removed], [user, ...disabled])).toEqual({
      status: 'pass',
      message: '1 worker, each with a user',
    });
  });

  test('is a limit while there are no workers, with the command that invites one', async () => {
    expect(await ofTeam([], [])).toEqual({
      status: 'limited',
      message: 'no one can sign in yet',
      fix: 'npx frontline inbox invite you@example.com',
    });
  });

  test('names workers without a user, and users who are not workers', async () => {
    expect(await ofTeam([ana], [{ ...user, subject: 'b', email: 'ben@example.com' }])).toMatchObject({
      status: 'fail',
      findings: [
        { what: 'ana@example.com is a worker, but has no user to sign in with', link: null },
        { what: 'ben@example.com can sign in, but is not a worker', link: null },
      ],
    });
  });

  test('counts a disabled user, and a removed worker, as missing', async () => {
    expect(await ofTeam([ana], [{ ...user, isEnabled: false }])).toMatchObject({ status: 'fail' });
    expect(await ofTeam([{ ...ana, isActive: false }], [user])).toMatchObject({ status: 'fail' });
  });
});
