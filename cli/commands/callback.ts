import { type Command, InvalidArgumentError } from 'commander';
import { parseUrl } from '../../lambdas/characters/parse-url';
import { KNOWN_CALLBACKS } from '../callback/callbacks';
import type { CallbackOptions } from '../callback/run-callback';

export function addCallbackCommand(program: Command): void {
  const width = Math.max(...KNOWN_CALLBACKS.map(({ name }) => name.length));
  program
    .command('callback')
    .argument('<name>', 'the Location or EventType, or "routing"')
    .argument('[parameters...]', "the callback's parameters in Twilio's spelling: Worker=ana@example.com")
    .summary("send one of Twilio's callbacks, signed, and print the response")
    .description("Sends one of Twilio's callbacks, signed as Twilio signs it, and prints the response.")
    .option('--url <url>', 'where the service is (default: npm start in this folder)', parseBaseUrl)
    .option('--public-url <url>', 'its URL at Twilio, if different: PUBLIC_BASE_URL', parseBaseUrl)
    .option('--token <token>', "the account's auth token (default: AUTH_TOKEN of the environment or .env)")
    .option('--unsigned', 'send no signature')
    .option('--json', 'print the response as JSON')
    .addHelpText(
      'after',
      `
Examples
  npx frontline callback GetCustomersList Worker=ana@example.com PageSize=20
  npx frontline callback onMessageAdd Body=Hello --url https://….execute-api.us-east-1.amazonaws.com

Callbacks and their parameters
${KNOWN_CALLBACKS.map(({ name, parameters }) => `  ${name.padEnd(width)}  ${parameters.join(' ')}`).join('\n')}
  ${'on…'.padEnd(width)}  any other event of Conversations

Other parameters are sent as given. Missing ones get usual values; on this machine, those of the demo team.
Exit status: 0 for a response of 2xx, 1 for any other or none.`,
    )
    .action(async (name: string, parameters: readonly string[], options: CallbackOptions) => {
      const { runCallback } = await import('../callback/run-callback');
      process.exitCode = await runCallback(name, parameters, options, process.cwd());
    });
}

/** Also accepts one of the five callback URLs, because a deployment prints those. */
function parseBaseUrl(text: string): string {
  const url = parseUrl(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new InvalidArgumentError('Expected an http(s) URL without ? or #.');
  }
  return text.replace(/(\/callbacks\/[\w-]+)?\/*$/, '');
}
