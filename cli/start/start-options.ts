import { parseArgs } from 'node:util';
import { UsageError } from '../terminal/usage-error';

export const START_HELP = `Runs the service on this machine: the five callbacks, and the sync that copies the base for them.

  npm start               on an embedded Airtable and Twilio, with a demo team
  npm start -- --reset    the same, the team as it was in the beginning
  npm start -- --live     on the real Airtable and Twilio of .env; with PUBLIC_BASE_URL, the tunnel to here, Twilio can
                          call. Creates a webhook in the base, and keeps customers and opt-outs in .frontline/dynamodb

PORT (5001) is where the callbacks listen; the emulators take the next five ports. All listen on 127.0.0.1 only.`;

export interface StartOptions {
  readonly live: boolean;
  readonly reset: boolean;
  readonly help: boolean;
}

/** Parses the arguments after `npm start --`. @throws {UsageError} for an unknown option */
export function parseStartOptions(words: readonly string[]): StartOptions {
  const { live, reset, help } = parse(words);
  if (live && reset)
    throw new UsageError('--reset applies to the demo team only: a real base is never reset');
  return { live, reset, help };
}

function parse(words: readonly string[]): StartOptions {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: [...words],
      options: { live: flag, reset: flag, help: { ...flag, short: 'h' } },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new UsageError(`${reason}. There are --reset, --live and --help`, { cause: error });
  }
}

/** Without `--` in between, npm silently consumes an option. @throws {UsageError} if it did */
export function refuseOptionsOfNpm(environment: NodeJS.ProcessEnv): void {
  for (const option of ['reset', 'live']) {
    if (environment[`npm_config_${option}`] !== undefined) {
      throw new UsageError(`npm consumed --${option}; pass it after --: npm start -- --${option}`);
    }
  }
}
