import { DEMO_CREDENTIALS } from '../emulators/seed/demo-credentials';
import { printable, printableJson } from '../lambdas/characters/visible-text';
import type { Environment } from '../lambdas/config';
import { errorMessage } from '../lambdas/errors';
import { callbackPath } from '../lambdas/twilio/callbacks';
import { withDotEnv } from '../lib/dot-env';
import { type CommandLine, parseCommandLine } from './callback/callback-options';
import { buildForm } from './callback/form';
import { type Answer, sendCallback, sign } from './callback/send-callback';
import { helpText } from './callback/usage';
import { PortError, readPort } from './terminal/port';
import { UsageError } from './terminal/usage-error';

const THIS_MACHINE = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Runs the command. @returns the exit status */
async function run(words: readonly string[]): Promise<number> {
  const line = parseCommandLine(words);
  if (line === null) {
    console.log(helpText());
    return 0;
  }
  const environment = withDotEnv(process.cwd(), process.env);
  const base = line.url ?? `http://localhost:${readPort(environment)}`;
  const isHere = THIS_MACHINE.test(new URL(base).hostname);
  const form = buildForm(line, { isHere, environment, now: new Date() });
  const path = callbackPath(line.callback.route);
  const token = line.unsigned ? null : authToken(line, isHere, environment);
  const signature = token === null ? null : sign(token, (line.publicUrl ?? base) + path, form);
  const answer = await sendCallback(base + path, form, signature);
  print(base + path, answer);
  if (signature !== null && answer.status === 403 && answer.body.includes('NotSigned')) {
    console.error(
      'The service has another token, or another URL of itself: --token and --public-url set them.',
    );
  }
  return answer.status >= 200 && answer.status < 300 ? 0 : 1;
}

function authToken({ token }: CommandLine, isHere: boolean, environment: Environment): string {
  const known = token || environment['AUTH_TOKEN']?.trim() || (isHere ? DEMO_CREDENTIALS.authToken : '');
  if (known !== '') return known;
  throw new UsageError(
    "A callback to another machine is signed with the account's auth token: put AUTH_TOKEN into .env, or say --token or --unsigned",
  );
}

function print(url: string, { status, milliseconds, body }: Answer): void {
  console.log(`POST ${url}\n${status} in ${milliseconds} ms`);
  console.log(pretty(body));
}

function pretty(body: string): string {
  try {
    return printableJson(JSON.stringify(JSON.parse(body), null, 2));
  } catch {
    return printable(body);
  }
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const isMisused = error instanceof UsageError || error instanceof PortError;
  console.error(printable(errorMessage(error)));
  if (isMisused) console.error('npm run callback -- --help lists everything.');
  process.exitCode = isMisused ? 2 : 1;
}
