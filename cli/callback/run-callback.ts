import * as v from 'valibot';
import { DEMO_CREDENTIALS } from '../../emulators/seed/demo-credentials';
import { printable, printableJson } from '../../lambdas/characters/visible-text';
import type { Environment } from '../../lambdas/config';
import { callbackPath } from '../../lambdas/twilio/callbacks';
import { withDotEnv } from '../../lib/deployment-configuration';
import { THIS_MACHINE } from '../../lib/settings-schema';
import { UsageError } from '../../lib/user-error';
import { findRunning, type StartState } from '../start/start-state';
import { readPort } from '../terminal/port';
import { type Callback, findCallback, KNOWN_CALLBACKS } from './callbacks';
import { buildForm, type Form } from './form';
import { type CallbackResponse, sendCallback, sign } from './send-callback';

/** The options of `frontline callback`. */
export interface CallbackOptions {
  readonly url?: string;
  readonly publicUrl?: string;
  readonly token?: string;
  readonly unsigned?: boolean;
  readonly json?: boolean;
}

/**
 * Sends a callback and prints the response.
 * @param parameters as typed: `Name=Value`
 * @returns the exit status: 0 for a response of 2xx
 * @throws {UsageError} for an unknown callback, or an invalid parameter
 */
export async function runCallback(
  name: string,
  parameters: readonly string[],
  options: CallbackOptions,
  directory: string,
): Promise<number> {
  const callback = parseCallback(name);
  const environment = withDotEnv(directory, process.env);
  const local = await findRunning(directory);
  const base = options.url ?? local?.urls.service ?? `http://localhost:${readPort(environment)}`;
  const isLocal = THIS_MACHINE.test(new URL(base).hostname);
  const form = buildForm(callback, parameters.map(parseParameter), { isLocal, environment, now: new Date() });
  const path = callbackPath(callback.route);
  const token = options.unsigned ? null : authToken(options, isLocal, environment);
  const signature = token === null ? null : sign(token, (options.publicUrl ?? base) + path, form);
  const response = await sendCallback(base + path, form, signature);
  print(base + path, response, options.json ?? false);
  if (callback.kind === 'routing' && response.status === 200 && local?.urls.service === base) {
    await showWorkers(local, Object.fromEntries(form)['ConversationSid'] ?? '');
  }
  if (signature !== null && response.status === 403 && response.body.includes('NotSigned')) {
    console.error('The service has another auth token or another URL: set --token or --public-url.');
  }
  return response.status >= 200 && response.status < 300 ? 0 : 1;
}

/** @throws {UsageError} with a suggestion, for an unknown name */
export function parseCallback(name: string): Callback {
  const callback = findCallback(name);
  if (callback !== undefined) return callback;
  const names = KNOWN_CALLBACKS.map((known) => known.name);
  const meant = names.find((known) => known.toLowerCase() === name.toLowerCase());
  throw new UsageError(
    `Unknown callback "${name}". ${meant ? `Did you mean ${meant}?` : `Expected ${names.join(', ')} or another on… event`}`,
  );
}

/** @throws {UsageError} for a text that is not `Name=Value` */
export function parseParameter(text: string): Form[number] {
  const mark = text.indexOf('=');
  if (mark < 1) throw new UsageError(`Invalid parameter "${text}": expected Name=Value`);
  return [text.slice(0, mark), text.slice(mark + 1)];
}

/** Prints who is in the conversation after routing, because the response does not say that. */
async function showWorkers({ urls }: StartState, conversationSid: string): Promise<void> {
  if (urls.twilio === undefined) return;
  const response = await fetch(`${urls.twilio}/simulate/conversations`);
  const { conversations } = v.parse(Conversations, await response.json());
  const found = conversations.find(({ sid, unique_name: name }) => [sid, name].includes(conversationSid));
  const workers = found?.participants.flatMap(({ identity }) => identity ?? []) ?? [];
  console.error(`Workers in ${conversationSid}: ${workers.join(', ') || 'none'}`);
}

const Conversations = v.object({
  conversations: v.array(
    v.object({
      sid: v.string(),
      unique_name: v.nullable(v.string()),
      participants: v.array(v.object({ identity: v.nullish(v.string()) })),
    }),
  ),
});

function authToken({ token }: CallbackOptions, isLocal: boolean, environment: Environment): string {
  const known = token || environment['AUTH_TOKEN']?.trim() || (isLocal ? DEMO_CREDENTIALS.authToken : '');
  if (known !== '') return known;
  throw new UsageError(
    "A callback to another machine requires the account's auth token: set AUTH_TOKEN in .env, or --token or --unsigned",
  );
}

function print(url: string, response: CallbackResponse, asJson: boolean): void {
  const { status, milliseconds, body } = response;
  const parsed = parseJson(body);
  if (asJson) {
    console.log(printableJson(JSON.stringify({ url, status, milliseconds, body: parsed ?? body }, null, 2)));
    return;
  }
  console.log(`POST ${url}\n${status} in ${milliseconds} ms`);
  console.log(parsed === undefined ? printable(body) : printableJson(JSON.stringify(parsed, null, 2)));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
