import {
  type Environment,
  FUNCTION_VARIABLES,
  readConfiguration,
} from '../lambdas/configuration/configuration';

/** What the stack is made from: nothing in here is a secret. */
export interface DeploymentConfiguration {
  /** The variables every function gets; one that is not configured is not in here. */
  readonly functionVariables: Readonly<Record<string, string>>;
  /** Scheme, host and mapping path by which Twilio reaches the service, or null for the API's own address. */
  readonly publicBaseUrl: string | null;
}

/**
 * Reads the configuration that a deployment needs and applies the very check that the functions apply when they
 * start. Of all that `.env` holds only the names in `FUNCTION_VARIABLES` go on; credentials in it stay behind.
 * @throws {Misconfigured} naming every variable that is missing or malformed.
 */
export function readDeploymentConfiguration(environment: Environment): DeploymentConfiguration {
  const { publicBaseUrl } = readConfiguration(environment);
  const configured = FUNCTION_VARIABLES.flatMap((name) => {
    const value = environment[name]?.trim();
    return value ? [[name, value] as const] : [];
  });
  return { functionVariables: Object.fromEntries(configured), publicBaseUrl };
}
