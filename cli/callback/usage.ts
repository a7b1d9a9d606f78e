import { KNOWN_WORDS } from './callbacks';
import { PARAMETER_OPTIONS } from './options';

const COMMAND_OPTIONS = {
  'param Name=Value': 'any other parameter, or another value for one; may be repeated',
  'url https://…': 'where the service is (http://localhost:PORT; PORT is 5001 if not set)',
  'public-url https://…': 'the URL that it is known by to Twilio, where that is another: PUBLIC_BASE_URL',
  'token …': "the account's auth token (AUTH_TOKEN of the environment or .env)",
  unsigned: 'send no signature',
  help: 'show this',
};

/** The text of `--help`. */
export function helpText(): string {
  return `Sends one of Twilio's callbacks, signed as Twilio signs it, and prints the answer.

  npm run callback -- GetCustomersList --worker ana@example.com
  npm run callback -- onMessageAdd --body Hello --url https://….execute-api.us-east-1.amazonaws.com

The first word is one of
${KNOWN_WORDS.map((word) => `  ${word}`).join('\n')}
  on…  any other event of Conversations

What a callback says (where it is left out, callbacks to this machine are for the demo team)
${table(PARAMETER_OPTIONS)}

How it is sent
${table(COMMAND_OPTIONS)}

Exit status: 0 for an answer of 2xx, 1 for any other or none, 2 where the command makes no sense.`;
}

function table(options: Readonly<Record<string, string>>): string {
  return Object.entries(options)
    .map(([option, meaning]) => `  --${option.padEnd(22)} ${meaning}`)
    .join('\n');
}
