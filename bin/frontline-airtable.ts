import { App } from 'aws-cdk-lib';
import { ConfigurationError } from '../lambdas/errors';
import { readDeploymentConfiguration, withDotEnv } from '../lib/deployment-configuration';
import { addStacks } from '../lib/stacks';

try {
  const configuration = readDeploymentConfiguration(withDotEnv(process.cwd(), process.env));
  addStacks(new App(), configuration);
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(
    `Invalid configuration in .env or the environment (see .env.example):\n  ${error.problems.join('\n  ')}`,
  );
  process.exitCode = 1;
}
