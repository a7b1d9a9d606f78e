import { type ParseArgsConfig, parseArgs } from 'node:util';
import { errorMessage } from '../../lambdas/errors';
import { UsageError } from './usage-error';

/**
 * Parses a command's arguments.
 * @param help the command's usage, for the error.
 * @throws {UsageError} for an unknown option, or one without its value.
 */
export function parseWords<const T extends NonNullable<ParseArgsConfig['options']>>(
  words: readonly string[],
  options: T,
  help: string,
) {
  try {
    return parseArgs({ args: [...words], options }).values;
  } catch (error) {
    const [reason = ''] = errorMessage(error).split(/\. |\n/);
    throw new UsageError(`${reason.replace(/\.$/, '')}.\n\n${help}`, { cause: error });
  }
}
