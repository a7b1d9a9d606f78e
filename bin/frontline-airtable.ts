import { App } from 'aws-cdk-lib';
import { ConfigurationError } from '../lambdas/errors';
import { readDeploymentConfiguration, withDotEnv } from '../lib/deployment-configuration';
import { FrontlineAirtableStack } from '../lib/frontline-airtable-stack';
import { STACK_NAME } from '../lib/stack-names';

try {
  const configuration = readDeploymentConfiguration(withDotEnv(process.cwd(), process.env));
  new FrontlineAirtableStack(new App(), STACK_NAME, { configuration });
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(
    `Invalid configuration in .env or the environment (see .env.example):\n  ${error.problems.join('\n  ')}`,
  );
  process.exitCode = 1;
}
