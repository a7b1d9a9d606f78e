import { join } from 'node:path';
import { build } from 'esbuild';
import { type Bundle, bundleAt } from './bundles';

/** Naive whole imports of all that a function uses, as the baseline for the functions. */
export const WHOLE = 'all of twilio, airtable and the clients of Secrets Manager and DynamoDB';
/** Likewise, from before the replica. */
export const WHOLE_WITHOUT_DYNAMODB = 'all of twilio, airtable and the client of Secrets Manager';

const YARDSTICKS: Readonly<Record<string, string>> = {
  'a bare handler': 'export const handler = async () => ({ statusCode: 200 });',
  [WHOLE]: `
    import twilio from 'twilio'; import Airtable from 'airtable';
    import * as secretsManager from '@aws-sdk/client-secrets-manager'; import * as dynamoDb from '@aws-sdk/client-dynamodb';
    export const handler = async () => [twilio, Airtable, secretsManager, dynamoDb];`,
  [WHOLE_WITHOUT_DYNAMODB]: `
    import twilio from 'twilio'; import Airtable from 'airtable';
    import * as secretsManager from '@aws-sdk/client-secrets-manager';
    export const handler = async () => [twilio, Airtable, secretsManager];`,
};

/** Baseline bundles for comparison with the functions. */
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
