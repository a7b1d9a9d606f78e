import { describe, expect, test } from '@jest/globals';
import { callbackNamed } from '../../world/five-callbacks';
import { startFive, world } from '../../world/use-world';

const { name, path, handler, asks } = callbackNamed('crm');

describe('a callback with an invalid configuration', () => {
  test('returns 503 and names every variable that is missing or malformed, never a value', async () => {
    await startFive({
      settings: { AIRTABLE_BASE_ID: '', TWILIO_SMS_NUMBER: 'mistyped', TWILIO_API_URL: 'ftp://example.com' },
    });

    const { status, body, log } = await world.ask(handler, asks, { path });

    expect(status).toBe(503);
    for (const said of [JSON.stringify(body), JSON.stringify(log)]) {
      expect(said).toMatch(
        /AIRTABLE_BASE_ID is missing.*TWILIO_SMS_NUMBER is malformed.*TWILIO_API_URL is malformed/,
      );
      expect(said).not.toMatch(/mistyped|ftp:/);
    }
    expect(log).toMatchObject([
      { callback: name, level: 'ERROR', status: 503, failure: { name: 'Misconfigured' } },
    ]);
  });

  test('reveals nothing of it to a caller without a signature', async () => {
    await startFive({ settings: { AIRTABLE_BASE_ID: '' } });

    expect(await world.ask(handler, asks, { path, signature: null })).toMatchObject({
      status: 403,
      body: { error: 'NotSigned', message: 'The request is not signed by Twilio for this service' },
    });
  });

  test('returns 503 if the stack did not set the secret’s ARN, with the reason only in the log', async () => {
    await startFive({ settings: { CREDENTIALS_SECRET_ARN: '' } });

    const { status, body, log } = await world.ask(handler, asks, { path });

    expect(status).toBe(503);
    expect(JSON.stringify(body)).not.toContain('CREDENTIALS_SECRET_ARN');
    expect(log).toMatchObject([{ failure: { message: expect.stringContaining('CREDENTIALS_SECRET_ARN') } }]);
  });

  test('reveals nothing of it to a caller with a wrong signature', async () => {
    await startFive({ settings: { AIRTABLE_BASE_ID: '', PUBLIC_BASE_URL: 'not a URL' } });

    const { status, body } = await world.ask(handler, asks, { path, authToken: 'f'.repeat(32) });

    expect(status).toBe(403);
    expect(JSON.stringify(body)).not.toMatch(/AIRTABLE|PUBLIC_BASE_URL|amazonaws/);
  });
});
