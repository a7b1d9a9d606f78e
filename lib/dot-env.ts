import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import type { Environment } from '../lambdas/config';
import { ConfigurationError } from '../lambdas/errors';
import { errorCode } from './error-code';

/**
 * The `.env` of the directory under the environment: what is exported wins over what is in the file. A file that is
 * not there says nothing.
 * @throws {ConfigurationError} if the file is there and cannot be read.
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
