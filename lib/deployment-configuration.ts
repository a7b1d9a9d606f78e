import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import {
  type Environment,
  FUNCTION_VARIABLES,
  readConfiguration,
} from '../lambdas/configuration/configuration';
import { Misconfigured } from '../lambdas/errors/errors';

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

/**
 * The environment, and what `file` says about names that the environment does not have. A file that is not there
 * says nothing.
 * @throws {Misconfigured} if the file is there and cannot be read.
 */
export function withDotenv(environment: Environment, file = '.env'): Environment {
  return { ...parse(readDotenv(file)), ...environment };
}

function readDotenv(file: string): string {
  try {
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  } catch (cause) {
    throw new Misconfigured([`${file} cannot be read: make it a readable file, or remove it`], { cause });
  }
}
