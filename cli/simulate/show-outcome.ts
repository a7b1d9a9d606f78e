import * as v from 'valibot';
import type { ConsoleOutput } from '../terminal/console-output';
import { quoteForShell } from '../terminal/quote-for-shell';

export const Participant = v.object({
  identity: v.nullish(v.string()),
  messaging_binding: v.nullish(v.object({ address: v.string(), proxy_address: v.nullish(v.string()) })),
});

/** The response of the Twilio emulator to a simulated message. */
export const SimulationOutcome = v.object({
  accepted: v.boolean(),
  error: v.nullable(v.looseObject({ code: v.number(), message: v.string() })),
  autocreated: v.optional(v.boolean(), false),
  message_sid: v.nullable(v.string()),
  webhooks: v.array(
    v.object({ event: v.string(), status: v.nullable(v.number()), error: v.optional(v.string()) }),
  ),
  conversation: v.nullable(
    v.object({
      sid: v.string(),
      friendly_name: v.nullable(v.string()),
      problems: v.array(v.object({ code: v.number(), message: v.string() })),
      participants: v.array(Participant),
      messages: v.array(v.object({ sid: v.string(), author: v.string(), body: v.nullable(v.string()) })),
    }),
  ),
});
export type SimulationOutcome = v.InferOutput<typeof SimulationOutcome>;

/** The last messages that are shown. */
const MESSAGES = 5;

/** Prints the outcome of a simulated message: the callbacks, the conversation, and how to go on. */
export function showOutcome(outcome: SimulationOutcome, screen: ConsoleOutput): void {
  const { accepted, error, webhooks, conversation } = outcome;
  if (accepted) screen.pass(`Message ${outcome.message_sid}`);
  else screen.fail('Message rejected', describeRejection(outcome));
  for (const { event, status, error: failure } of webhooks) {
    const isDone = status !== null && status < 400;
    const result = status ?? failure ?? 'no response';
    screen.line(`      ${event.padEnd(26)} ${isDone ? result : screen.styled('red', String(result))}`);
  }
  if (conversation === null) return;
  const { sid, friendly_name: name, participants, messages, problems } = conversation;
  screen.line(`\n  Conversation ${sid}${name ? `  ${name}` : ''}${outcome.autocreated ? '  (new)' : ''}`);
  for (const { identity, messaging_binding: binding } of participants) {
    const address = binding ? `${binding.address} to ${binding.proxy_address ?? ''}` : '';
    screen.line(`      ${identity ?? address}`);
  }
  for (const { code, message } of problems)
    screen.limited(`${code} ${message}`, 'See the output of npm start');
  if (messages.length > 0) screen.line();
  for (const { author, body } of messages.slice(-MESSAGES)) screen.line(`      ${author}: ${body ?? ''}`);
  const worker = participants.find(({ identity }) => identity)?.identity;
  if (!accepted || error !== null || !worker) return;
  screen.line(
    `\n  Reply: npx frontline simulate worker-message --worker ${quoteForShell(worker)} --conversation ${sid} --body "…"`,
  );
}

function describeRejection({ error }: SimulationOutcome): string {
  if (error === null) return 'Autocreation is not configured for this number';
  return `${error.code} ${error.message}`;
}
