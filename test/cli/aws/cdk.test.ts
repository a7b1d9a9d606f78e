import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { progressOf, synthesise } from '../../../cli/aws/cdk';

const before = { ...process.env };
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'frontline-cdk-test-'));
});
afterEach(async () => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  await rm(directory, { recursive: true });
});

test("the CDK app runs in the folder, for the checked region, without the service's credentials", async () => {
  await writeFile(join(directory, 'app.mjs'), APP);
  await writeFile(join(directory, 'cdk.json'), '{"app":"node app.mjs"}');
  await writeFile(join(directory, '.env'), 'AWS_PROFILE=another-account\n');
  Object.assign(process.env, {
    AIRTABLE_BASE_ID: 'app1',
    AUTH_TOKEN_SECONDARY: 'secret',
    TWILIO_API_KEY_SECRET: 'secret',
    OKTA_API_TOKEN: 'secret',
  });
  const variables = { OPT_OUT_TABLE_NAME: 'Kept' };

  const running = synthesise({ directory, region: 'eu-west-1', variables });

  await expect(running).rejects.toMatchObject({
    name: 'UpstreamFailed',
    message: expect.stringMatching(/^cdk synth failed: .*cdk-synth\.log$/s),
  });
  const text = await readFile(join(directory, 'environment.json'), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ AWS_REGION: 'eu-west-1', AIRTABLE_BASE_ID: 'app1', ...variables });
  expect(text).not.toMatch(/secret|another-account/);
  expect(await readFile(join(directory, '.frontline/cdk-synth.log'), 'utf8')).toContain(
    'Invalid configuration',
  );
});

const APP = `
  import { writeFileSync } from 'node:fs';
  writeFileSync('environment.json', JSON.stringify(process.env));
  console.error('Invalid configuration');
  process.exitCode = 1;
`;

test.each([
  [
    {
      event: { LogicalResourceId: 'CrmRole', ResourceStatus: 'CREATE_COMPLETE' },
      progress: { completed: 9, total: 40 },
    },
    '9 of 40, CrmRole CREATE_COMPLETE',
  ],
  [undefined, 'Building'],
])('progress is shown: %j', (data, progress) => {
  expect(progressOf({ level: 'info', message: ' Building ', data })).toBe(progress);
});
