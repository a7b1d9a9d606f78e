import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import type { Account } from '../start/live';
import { Participant, type SimulationOutcome } from './show-outcome';

const WAIT_MS = 100;
const TIMES = 30;

const Page = v.object({ participants: v.array(Participant) });

/**
 * The outcome with the worker who gets the conversation: where the inbox is, the service adds one shortly after Twilio
 * has been answered.
 */
export async function waitForWorker(
  outcome: SimulationOutcome,
  twilioUrl: string,
  { ACCOUNT_SID, AUTH_TOKEN }: Account,
): Promise<SimulationOutcome> {
  const { conversation, accepted } = outcome;
  if (conversation === null || !accepted) return outcome;
  const headers = {
    authorization: `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`,
  };
  let { participants } = conversation;
  for (let time = 0; time < TIMES && !participants.some(({ identity }) => identity); time += 1) {
    await delay(WAIT_MS);
    const response = await fetch(`${twilioUrl}/v1/Conversations/${conversation.sid}/Participants`, {
      headers,
    });
    participants = v.parse(Page, await response.json()).participants;
  }
  return { ...outcome, conversation: { ...conversation, participants } };
}
