import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import * as v from 'valibot';
import { CALLBACK_NAMES } from '../../lambdas/callback/callback-name';
import { AIRTABLE_WEBHOOK, callbackProps, SYNC } from '../../lib/service-function';

const run = promisify(execFile);

/** A bundle as Lambda would load it. */
export interface Bundle {
  readonly name: string;
  readonly file: string;
  readonly kilobytes: number;
}

const Template = v.object({
  Resources: v.record(
    v.string(),
    v.object({ Type: v.string(), Properties: v.optional(v.unknown()), Metadata: v.optional(v.unknown()) }),
  ),
});
const FunctionProperties = v.object({ Description: v.string() });
const FunctionMetadata = v.object({ 'aws:asset:path': v.string() });

/** The seven bundles that `cdk deploy` would upload, out of a synthesis into the folder. */
export async function deployedBundles(folder: string): Promise<Bundle[]> {
  const settings = { AIRTABLE_BASE_ID: 'appBench', TWILIO_SMS_NUMBER: '+15017122661' };
  await run('npx', ['cdk', 'synth', '--quiet', '--no-notices', '--asset-metadata', '--output', folder], {
    env: { ...process.env, ...settings },
  });
  const template = v.parse(
    v.pipe(v.string(), v.parseJson(), Template),
    await readFile(join(folder, 'FrontlineAirtable.template.json'), 'utf8'),
  );
  const paths = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties, Metadata }) => ({
      description: v.parse(FunctionProperties, Properties).Description,
      path: v.parse(FunctionMetadata, Metadata)['aws:asset:path'],
    }));
  return Promise.all(
    FUNCTIONS.map(async ({ name, description }) => {
      const found = paths.find((each) => each.description === description);
      if (found === undefined) throw new Error(`The template has no function for ${name}`);
      return bundleAt(name, join(folder, found.path, 'index.js'));
    }),
  );
}

const FUNCTIONS = [
  ...CALLBACK_NAMES.map((name) => ({ name, description: callbackProps(name).description })),
  { name: AIRTABLE_WEBHOOK.serviceName, description: AIRTABLE_WEBHOOK.description },
  { name: SYNC.serviceName, description: SYNC.description },
];

const YARDSTICKS = {
  'a bare handler': 'export const handler = async () => ({ statusCode: 200 });',
  'all of twilio, airtable and the AWS clients': `
    import twilio from 'twilio'; import Airtable from 'airtable';
    import * as secretsManager from '@aws-sdk/client-secrets-manager';
    import * as dynamodb from '@aws-sdk/client-dynamodb';
    export const handler = async () => [twilio, Airtable, secretsManager, dynamodb];`,
  'the AWS clients alone, with every way to find credentials': `
    import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
    import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
    export const handler = async () => [new DynamoDBClient({}), new SecretsManagerClient({})];`,
  'crm, were it to use the official airtable': `
    export { handler } from './lambdas/crm'; export { default as Airtable } from 'airtable';`,
  "routing, were it to use twilio's Conversations client": `
    export { handler } from './lambdas/routing'; export { default as Base } from 'twilio/lib/base/BaseTwilio.js';
    export { default as Conversations } from 'twilio/lib/rest/Conversations.js';`,
};

/** By what importing everything whole takes, the others are measured. */
export const WHOLE: keyof typeof YARDSTICKS = 'all of twilio, airtable and the AWS clients';

/** What they are held against: the least that can be loaded, whole imports, and the clients that we did without. */
export async function yardsticks(folder: string): Promise<Bundle[]> {
  return Promise.all(
    Object.entries(YARDSTICKS).map(async ([name, contents], index) => {
      const outfile = join(folder, `yardstick-${index}.cjs`);
      await build({
        stdin: { contents, resolveDir: process.cwd() },
        outfile,
        bundle: true,
        minify: true,
        platform: 'node',
        target: 'node20',
        format: 'cjs',
        mainFields: ['module', 'main'],
        logLevel: 'error',
      });
      return bundleAt(name, outfile);
    }),
  );
}

async function bundleAt(name: string, file: string): Promise<Bundle> {
  return { name, file, kilobytes: Math.round((await stat(file)).size / 1_024) };
}
