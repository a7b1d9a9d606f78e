import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { progressIn, reasonIn, runCdk } from '../../../cli/aws/cdk';

let directory: string;
const told: string[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'frontline-cdk-test-'));
  await mkdir(join(directory, 'node_modules/aws-cdk/bin'), { recursive: true });
  told.length = 0;
});
const before = { ...process.env };
afterEach(async () => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  await rm(directory, { recursive: true });
});

/** Replaces the project's CDK with a program. */
async function cdkIs(program: string): Promise<void> {
  await writeFile(join(directory, 'node_modules/aws-cdk/bin/cdk'), program);
}

const run = () =>
  runCdk(['deploy', 'TheStack'], { directory, region: 'eu-west-1' }, (progress) => told.push(progress));

describe('the CDK command line', () => {
  test("runs in the folder, for the checked region, without the service's credentials", async () => {
    await cdkIs(
      'console.log(JSON.stringify({ cwd: process.cwd(), args: process.argv.slice(2), env: process.env }))',
    );
    const exported = {
      AWS_PROFILE: 'work',
      AWS_REGION: 'us-east-1',
      AIRTABLE_BASE_ID: 'app1',
      ACCOUNT_SID: 'AC-secret',
      AUTH_TOKEN: 'secret-1',
      AUTH_TOKEN_SECONDARY: 'secret-2',
      AIRTABLE_API_KEY: 'secret-3',
      AIRTABLE_SETUP_API_KEY: 'secret-4',
      OKTA_API_TOKEN: 'secret-5',
    };

    Object.assign(process.env, exported);

    await run();

    const [said = ''] = told;
    expect(JSON.parse(said)).toMatchObject({
      args: ['deploy', 'TheStack', '--ci', '--no-notices'],
      env: { AWS_PROFILE: 'work', AWS_REGION: 'eu-west-1', AIRTABLE_BASE_ID: 'app1' },
    });
    expect(said).not.toContain('secret');
    expect(said).toContain(directory);
    expect(await readdir(directory)).not.toContain('.frontline');
  });

  test('ignores the AWS settings of .env, as the AWS lookups do', async () => {
    await cdkIs('console.log(JSON.stringify(process.env))');
    await writeFile(join(directory, '.env'), 'AWS_PROFILE=another-account\n');

    await run();

    expect(told.join()).not.toContain('another-account');
  });

  test('reports its reason if it fails, and its whole output is kept', async () => {
    await cdkIs(`
      console.log('Building');
      console.log('TheStack | 3/9 | 7:32:06 AM | CREATE_FAILED        | AWS::IAM::Role | CrmCallbackRole (CrmCallbackRole82ABB5AA) not allowed');
      console.error('❌  TheStack failed to deploy');
      process.exitCode = 1;
    `);

    await expect(run()).rejects.toMatchObject({
      name: 'UpstreamFailed',
      message: expect.stringMatching(
        /^cdk deploy failed: CREATE_FAILED AWS::IAM::Role CrmCallbackRole \(CrmCallbackRole82ABB5AA\) not allowed\n❌ {2}TheStack failed to deploy\n.*cdk-deploy\.log$/s,
      ),
    });
    expect(await readFile(join(directory, '.frontline/cdk-deploy.log'), 'utf8')).toContain('Building\n');
  });

  test('that is killed reports that CloudFormation continues, with the fix', async () => {
    await cdkIs('process.kill(process.pid, "SIGINT")');

    await expect(run()).rejects.toMatchObject({
      message: expect.stringMatching(/\(SIGINT\).* run this again/),
    });
  });

  test('that is not installed fails with the reason', async () => {
    await expect(run()).rejects.toMatchObject({ message: expect.stringContaining('Cannot find module') });
  });
});

describe('the progress in a line of CDK', () => {
  test.each([
    [
      'TheStack |  9/40 | 7:32:06 AM | CREATE_COMPLETE         | AWS::IAM::Role                 | CrmCallbackRole (CrmCallbackRole82ABB5AA) ',
      '9 of 40, CrmCallbackRole CREATE_COMPLETE',
    ],
    ['  TheStack: creating CloudFormation changeset...  ', 'TheStack: creating CloudFormation changeset...'],
    ['   ', null],
  ])('%s', (line, progress) => {
    expect(progressIn(line)).toBe(progress);
  });
});

describe('the reason of a CDK failure', () => {
  test('is its stderr, without earlier progress, each line once', () => {
    const errors = ['Bundling asset TheStack/Code...', '', 'Invalid configuration', 'Invalid configuration'];

    expect(reasonIn([...errors, 'more'], errors)).toBe('Invalid configuration');
  });

  test('is the end of a long stderr', () => {
    const errors = Array.from({ length: 40 }, (_, index) => `line ${index}`);

    expect(reasonIn(errors, errors).split('\n')).toHaveLength(12);
    expect(reasonIn(errors, errors)).toMatch(/line 39$/);
  });

  test('may be missing', () => {
    expect(reasonIn(['Building'], [])).toBe('no reason given');
  });
});
