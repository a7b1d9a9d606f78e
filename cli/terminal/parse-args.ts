import { type ParseArgsConfig, parseArgs } from 'node:util';
import { errorMessage } from '../../lambdas/errors';
import { UsageError } from './usage-error';

/**
 * Reads the words behind a command.
 * @param help what the command takes, for whoever got it wrong.
 * @throws {UsageError} for an option that there is not, or one without its value.
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
