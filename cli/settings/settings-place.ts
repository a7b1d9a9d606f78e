import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../lambdas/config';
import { withDotEnv } from '../../lib/deployment-configuration';
import { EnvFile } from './env-file';

/** Where the settings are. */
export interface SettingsPlace {
  /** `.env`, overridden by the environment. */
  readonly environment: Environment;
  /** The names that the environment itself sets: these override `.env`. */
  readonly exported: ReadonlySet<string>;
  readonly envFile: EnvFile;
  /** The initial text of a new `.env`. */
  readonly template: string;
}

/**
 * Reads the settings of this process.
 * @param directory the project's folder, which contains `.env`
 * @throws {ConfigurationError} if `.env` exists and cannot be read
 */
export async function readSettingsPlace(directory: string): Promise<SettingsPlace> {
  return {
    environment: withDotEnv(directory, process.env),
    exported: new Set(Object.keys(process.env)),
    envFile: new EnvFile(join(directory, '.env')),
    template: await readFile(join(directory, '.env.example'), 'utf8'),
  };
}

/** Why a setting cannot be changed in `.env`. */
export function overridden(name: string): string {
  return `${name} is set in the environment, which overrides .env`;
}
