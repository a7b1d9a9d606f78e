import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import type { Environment } from '../lambdas/config';
import { ConfigurationError, errorCode } from '../lambdas/errors';

/**
 * Merges the directory's `.env` into the environment: exported variables override those in the file. A missing file
 * counts as empty.
 * @throws {ConfigurationError} if the file exists and cannot be read.
 */
export function withDotEnv(directory: string, environment: Environment): Environment {
  return { ...parse(readFile(join(directory, '.env'))), ...environment };
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return '';
    throw new ConfigurationError([`${path} cannot be read: make it a readable file, or remove it`], {
      cause,
    });
  }
}
