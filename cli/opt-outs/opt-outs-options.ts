import { parseArgs } from 'node:util';
import { errorMessage } from '../../lambdas/errors';
import { UsageError } from '../terminal/usage-error';

export const OPT_OUTS_HELP = `Shows who must not be written to, and lifts an opt-out. An opt-out is kept in a table of its own, as the proof of who
said STOP and when; unticking opt_out in Airtable does not lift it.

  npm run opt-outs -- list                                every address that is opted out, since when and by which word
  npm run opt-outs -- list --csv > opt-outs.csv           the same as a CSV file; npm run --silent leaves npm's own words out
  npm run opt-outs -- lift +14155550123 --reason "…"      lifts the address's opt-outs, on each channel, after a yes
  npm run opt-outs -- lift … --reason "…" --yes           without asking

With --local, of npm start in this folder in place of the deployed service.`;

/** Options of `npm run opt-outs` that npm itself may consume. */
export const OPT_OUTS_OPTIONS = ['csv', 'reason', 'yes', 'local'];

export type OptOutsCommand =
  | { readonly name: 'help' }
  | { readonly name: 'list'; readonly csv: boolean; readonly local: boolean }
  | {
      readonly name: 'lift';
      readonly address: string;
      readonly reason: string;
      readonly yes: boolean;
      readonly local: boolean;
    };

/** Parses the arguments after `npm run opt-outs --`. @throws {UsageError} if they are not a valid command */
export function parseOptOutsCommand(words: readonly string[]): OptOutsCommand {
  const { values, positionals } = parse(words);
  const [command, ...others] = positionals;
  const { csv, local, yes } = values;
  const reason = values.reason?.trim();
  if (values.help) return { name: 'help' };
  switch (command) {
    case 'list':
      if (others.length > 0 || reason !== undefined || yes) throw wrong('list takes --csv and --local only');
      return { name: 'list', csv, local };
    case 'lift': {
      const [address] = others;
      if (address === undefined || others.length > 1) throw wrong('lift takes one address');
      if (!reason)
        throw wrong('lift needs --reason "…": it is kept with the event, as the proof of who decided');
      if (csv) throw wrong('lift takes --reason, --yes and --local only');
      return { name: 'lift', address, reason, yes, local };
    }
    default:
      throw wrong(command === undefined ? 'A command is missing' : `"${command}" is not a command`);
  }
}

function parse(words: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  const options = {
    csv: flag,
    reason: { type: 'string' },
    yes: { ...flag, short: 'y' },
    local: flag,
    help: { ...flag, short: 'h' },
  } as const;
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    const [problem = ''] = errorMessage(error).split(/\. |\n/);
    throw wrong(problem.replace(/\.$/, ''), error);
  }
}

function wrong(problem: string, cause?: unknown): UsageError {
  return new UsageError(`${problem}.\n\n${OPT_OUTS_HELP}`, { cause });
}
