import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseSecret } from '../../../lambdas/credentials/credentials';

const SECRET = {
  ACCOUNT_SID: 'AC0123456789abcdef0123456789abcdef',
  AUTH_TOKEN: 'token-0123456789',
  AIRTABLE_API_KEY: 'patKey.0123456789',
};
const API_KEY_SID = `SK${'a'.repeat(32)}`;
const KEYS = ['ACCOUNT_SID', 'AUTH_TOKEN', 'AIRTABLE_API_KEY'] as const;

function refusalOf(text: string): string {
  try {
    parseSecret(text);
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  throw new Error('The secret is taken');
}

describe('a complete secret', () => {
  test('returns the credentials', () => {
    expect(parseSecret(JSON.stringify(SECRET))).toEqual({
      accountSid: SECRET.ACCOUNT_SID,
      authToken: SECRET.AUTH_TOKEN,
      signingTokens: [SECRET.AUTH_TOKEN],
      sharedKeys: [],
      airtableApiKey: SECRET.AIRTABLE_API_KEY,
      twilioApiKey: null,
    });
  });

  test('may have a secondary token, which only verifies signatures', () => {
    const credentials = parseSecret(JSON.stringify({ ...SECRET, AUTH_TOKEN_SECONDARY: 'second' }));

    expect(credentials).toMatchObject({
      authToken: SECRET.AUTH_TOKEN,
      signingTokens: [SECRET.AUTH_TOKEN, 'second'],
    });
  });

  test.each([
    ['one', 'first-key', ['first-key']],
    ['several, separated by commas or white space', ' first-key, second-key\nthird-key ', undefined],
    ['a list', ['first-key', ' second-key '], ['first-key', 'second-key']],
    ['none', '', []],
  ])('may have shared keys: %s', (_what, WEBHOOK_SHARED_KEYS, expected) => {
    expect(parseSecret(JSON.stringify({ ...SECRET, WEBHOOK_SHARED_KEYS })).sharedKeys).toEqual(
      expected ?? ['first-key', 'second-key', 'third-key'],
    );
  });

  test('may have an API key for requests to Twilio', () => {
    const key = { TWILIO_API_KEY_SID: API_KEY_SID, TWILIO_API_KEY_SECRET: ' key-secret\n' };

    expect(parseSecret(JSON.stringify({ ...SECRET, ...key })).twilioApiKey).toEqual({
      sid: API_KEY_SID,
      secret: 'key-secret',
    });
    const blank = { TWILIO_API_KEY_SID: '', TWILIO_API_KEY_SECRET: ' ' };
    expect(parseSecret(JSON.stringify({ ...SECRET, ...blank })).twilioApiKey).toBeNull();
  });

  test('may have blanks around its values, and unknown keys', () => {
    const text = JSON.stringify({
      ...SECRET,
      AUTH_TOKEN: ` ${SECRET.AUTH_TOKEN}\n`,
      NOTE: 'for the team',
      N: 1,
    });

    expect(parseSecret(`\n${text}\n`)).toEqual(parseSecret(JSON.stringify(SECRET)));
  });
});

describe('a secret is rejected', () => {
  test.each(['', ' ', '\n'])('when it is empty (%j)', (text) => {
    expect(refusalOf(text)).toMatch(/^Misconfigured: The credentials secret is empty/);
  });

  test.each(['secret-text', '{"ACCOUNT_SID": "AC', '[]', '"text"', 'null', '17'])(
    'when it is not a JSON object (%s)',
    (text) => {
      expect(refusalOf(text)).toMatch(/^Misconfigured: The credentials secret (is not a JSON object|lacks)/);
      expect(refusalOf(text)).not.toMatch(/secret-text|"AC/);
    },
  );

  test('when keys are missing, blank or not text, naming exactly these and never a value', () => {
    fc.assert(
      fc.property(
        fc.subarray([...KEYS], { minLength: 1 }),
        fc.constantFrom<unknown>(undefined, '', '  ', null, 1, {}),
        (missing, instead) => {
          const spoilt = { ...SECRET, ...Object.fromEntries(missing.map((key) => [key, instead])) };
          const refusal = refusalOf(JSON.stringify(spoilt));
          const named = /lacks a usable ([A-Z_, ]+):/.exec(refusal)?.[1];
          expect(named).toBe(KEYS.filter((key) => missing.includes(key)).join(', '));
          for (const value of Object.values(SECRET)) expect(refusal).not.toContain(value);
        },
      ),
    );
  });

  test.each([
    [{ TWILIO_API_KEY_SID: API_KEY_SID }, /has TWILIO_API_KEY_SID without TWILIO_API_KEY_SECRET: put both/],
    [
      { TWILIO_API_KEY_SID: '', TWILIO_API_KEY_SECRET: 'key-secret' },
      /has TWILIO_API_KEY_SECRET without TWILIO_API_KEY_SID: put both/,
    ],
    [
      { TWILIO_API_KEY_SID: 'ACx', TWILIO_API_KEY_SECRET: 'key-secret' },
      /lacks a usable TWILIO_API_KEY_SID:/,
    ],
    [{ TWILIO_API_KEY_SID: API_KEY_SID, TWILIO_API_KEY_SECRET: 7 }, /lacks a usable TWILIO_API_KEY_SECRET:/],
  ])('when its API key is half or malformed: %j', (half, words) => {
    expect(refusalOf(JSON.stringify({ ...SECRET, ...half }))).toMatch(words);
    expect(refusalOf(JSON.stringify({ ...SECRET, ...half }))).not.toContain('key-secret');
  });

  test.each([7, {}, [''], [1]])('when its shared keys are not texts: %j', (WEBHOOK_SHARED_KEYS) => {
    expect(refusalOf(JSON.stringify({ ...SECRET, WEBHOOK_SHARED_KEYS }))).toContain('WEBHOOK_SHARED_KEYS');
  });

  test.each(['a line\nbreak', 'a blank between', 'invisible\u200b', 'ümlaut'])(
    'when a key holds invalid characters (%j), which would come back in the error of the request that uses it',
    (value) => {
      const refusal = refusalOf(JSON.stringify({ ...SECRET, AIRTABLE_API_KEY: value }));

      expect(refusal).toContain('AIRTABLE_API_KEY');
      expect(refusal).not.toContain(value);
    },
  );
});
