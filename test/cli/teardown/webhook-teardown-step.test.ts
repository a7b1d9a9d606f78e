import { describe, expect, test } from '@jest/globals';
import { openAirtable } from '../../../cli/airtable/rate-limited-base';
import { webhookTeardownStep } from '../../../cli/airtable/webhook-teardown-step';
import { applyPlan } from '../../../cli/plan/apply';
import type { AirtableEmulator } from '../../../emulators/airtable/airtable-emulator';
import { customersTable } from '../../../emulators/airtable/base-data';
import { AirtableWebhooks } from '../../../lambdas/airtable/airtable-webhooks';
import { serve, TOKEN } from '../../emulators/airtable/serve';
import { accessTo, FAST, settingsFor } from '../airtable/team';
import { aScreen } from '../terminal/scripted-screen';

const OURS = 'https://ours.example.com/airtable/webhook';
const OTHERS = 'https://others.example.com/hook';
const { signal } = new AbortController();

const aBase = (scopes?: readonly string[]) =>
  serve([customersTable([])], { tokens: [{ token: TOKEN, ...(scopes && { scopes }) }] });
const webhooksOf = (base: AirtableEmulator) =>
  new AirtableWebhooks(accessTo(base), openAirtable(accessTo(base), FAST));
const urlsOf = async (base: AirtableEmulator) =>
  (await webhooksOf(base).listWebhooks()).map(({ notificationUrl }) => notificationUrl);

async function tearDown(base: AirtableEmulator, webhookUrl: string | null, webhookId: string | null = null) {
  const { screen, text } = aScreen();
  const step = webhookTeardownStep({ settings: settingsFor(base), webhookUrl, webhookId, pacing: FAST });
  const outcome = await applyPlan(step, screen, { kind: 'given' }, signal);
  return { ...outcome, text: text() };
}

describe('removing Airtable’s webhook', () => {
  test('deletes the webhooks that call this service, and leaves others', async () => {
    const base = await aBase();
    for (const notificationUrl of [OURS, OTHERS, OURS])
      await webhooksOf(base).createWebhook({ notificationUrl });

    const { isComplete, text } = await tearDown(base, OURS);

    expect([isComplete, await urlsOf(base)]).toEqual([true, [OTHERS]]);
    expect(text).toMatch(/✓ Delete the webhook ach\w+ of the base/);
  });

  test('deletes the webhook that the replica knows, at any address', async () => {
    const base = await aBase();
    const { id } = await webhooksOf(base).createWebhook({ notificationUrl: null });
    await webhooksOf(base).createWebhook({ notificationUrl: null });

    await tearDown(base, null, id);

    expect(await urlsOf(base)).toEqual([null]);
  });

  test('has nothing to do without one, as the second time', async () => {
    const base = await aBase();
    await webhooksOf(base).createWebhook({ notificationUrl: OURS });
    await tearDown(base, OURS);

    expect(await tearDown(base, OURS)).toMatchObject({
      outcome: 'up to date',
      isComplete: true,
      text: expect.stringContaining('No webhook of the base calls this service'),
    });
  });

  test('has nothing to do if the token may not manage webhooks, because then there is none', async () => {
    const base = await aBase(['data.records:read', 'data.records:write']);

    expect(await tearDown(base, OURS)).toMatchObject({ outcome: 'up to date', isComplete: true });
  });

  test('continues without Airtable, and reports that the webhook expires by itself', async () => {
    const base = await aBase();
    base.faults.always({ kind: 'monthly-quota' });

    const { isComplete, text } = await tearDown(base, OURS);

    expect(isComplete).toBe(false);
    expect(text).toContain('within seven days');
  });
});
