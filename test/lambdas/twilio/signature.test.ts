import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  getExpectedBodyHash,
  getExpectedTwilioSignature,
  validateRequest,
} from 'twilio/lib/webhooks/webhooks.js';
import { parseUrl } from '../../../lambdas/characters/parse-url';
import { checkSignature, type Form, type SignedRequest, signedUrls } from '../../../lambdas/twilio/signature';

type Unnamed = Omit<SignedRequest, 'settings'>;

function isSignedBy(signingTokens: readonly string[], request: Unnamed): boolean {
  const check = checkSignature({ ...request, settings: null }, { signingTokens, sharedKeys: [] });
  return check.kind === 'auth-token';
}

const TOKEN = '0123456789abcdef0123456789abcdef';
const BASE = 'https://frontline.example.com/callbacks';
const LIST = { Location: 'GetCustomersList', PageSize: '30', Worker: 'john@example.com' };

interface Vector {
  readonly what: string;
  readonly token?: string;
  readonly url: string;
  readonly form?: Form;
  readonly rawBody?: string;
  readonly signature: string;
}

/** twilio.md#signatures. */
const VECTORS: readonly Vector[] = [
  { what: 'a form', url: `${BASE}/crm`, form: LIST, signature: 'R3LFsZxeG4GI2UV4Vja335YSXw4=' },
  {
    what: 'a URL that was signed with its port',
    url: `${BASE}/crm`,
    form: LIST,
    signature: 'hVSTEncdBVGQ6nC/+4wUsTamroc=',
  },
  {
    what: 'accents, an ampersand and a blank value',
    url: `${BASE}/crm`,
    form: { ...LIST, Query: 'José & Co', Anchor: '' },
    signature: 'dwJZO8cIcOZjj2uxIS/h1kmb/XE=',
  },
  {
    what: 'names with dots',
    url: `${BASE}/routing`,
    form: {
      ConversationSid: 'CHaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      'MessagingBinding.Address': 'whatsapp:+15558675310',
      'MessagingBinding.ProxyAddress': 'whatsapp:+15017122661',
      Attributes: '{}',
    },
    signature: 'mfFZGT2Qc5RCqoyXvaafoSvVeqc=',
  },
  {
    what: 'a query string',
    url: `${BASE}/templates?env=prod`,
    form: { Location: 'GetTemplatesByCustomerId', CustomerId: '98', Worker: 'john@example.com' },
    signature: 'Egybe3qP3Rg+jufIUF+eLksHYPE=',
  },
  {
    what: 'a repeated name',
    url: `${BASE}/x`,
    form: { A: ['b', 'a', 'b'] },
    signature: '4XaaKq9gWpICKHdO1DElP3JoePI=',
  },
  {
    what: 'the hash of a body that is not a form',
    url: `${BASE}/x?bodySHA256=015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862`,
    rawBody: '{"a":1}',
    signature: 'gXN0UdSI4jjDx7d97FHvidCyWZE=',
  },
  {
    what: "Twilio's own example",
    token: '12345',
    url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
    form: {
      CallSid: 'CA1234567890ABCDE',
      Caller: '+14158675309',
      Digits: '1234',
      From: '+14158675309',
      To: '+18005551212',
    },
    signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
  },
];

describe('a published signature', () => {
  test.each(VECTORS)(
    'over $what is valid, and only with its own token',
    ({ token = TOKEN, url, form = {}, rawBody = '', signature }) => {
      expect(isSignedBy([token], { url, form, rawBody, signature })).toBe(true);
      expect(isSignedBy([`${token}0`], { url, form, rawBody, signature })).toBe(false);
    },
  );
});

describe('a body hash in the URL', () => {
  const rawBody = '{"a":1}';
  const url = `${BASE}/x?bodySHA256=${getExpectedBodyHash(rawBody)}`;
  const signature = getExpectedTwilioSignature(TOKEN, url, {});

  test('covers the raw body', () => {
    expect(isSignedBy([TOKEN], { url, form: {}, rawBody: '{"a":2}', signature })).toBe(false);
  });

  test('does not bypass the signature', () => {
    expect(isSignedBy([TOKEN], { url, form: {}, rawBody, signature: '' })).toBe(false);
    const withForm = getExpectedTwilioSignature(TOKEN, url, LIST);
    expect(isSignedBy([TOKEN], { url, form: LIST, rawBody, signature: withForm })).toBe(false);
  });
});

test('any of several tokens is accepted, and without a token nothing is valid', () => {
  const request = { url: `${BASE}/crm`, form: LIST, rawBody: '', signature: 'R3LFsZxeG4GI2UV4Vja335YSXw4=' };

  expect(
    checkSignature(
      { ...request, settings: null },
      { signingTokens: ['other', TOKEN], sharedKeys: ['another'] },
    ),
  ).toEqual({ kind: 'auth-token', token: TOKEN });
  expect(isSignedBy(['other', 'another'], request)).toBe(false);
  expect(isSignedBy([], request)).toBe(false);
});

const text = fc.string({ unit: 'binary', maxLength: 20 });
const name = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'Location'));
const form = fc
  .dictionary(name, fc.oneof(text, fc.array(text, { minLength: 2, maxLength: 4 })), { maxKeys: 6 })
  .map((entries): Form => ({ ...entries }));
const token = fc.stringMatching(/^[0-9a-f]{32}$/);
const url = fc
  .tuple(
    fc.stringMatching(/^[a-z0-9]{1,8}$/),
    fc.stringMatching(/^[a-z0-9]{1,8}$/),
    fc.stringMatching(/^([a-z]=[A-Za-z0-9]{1,5}(&[a-z]=[0-9]{1,3}){0,2})?$/),
  )
  .map(([host, path, query]) => `https://${host}.example.com/callbacks/${path}${query && `?${query}`}`);

function signed(authToken: string, given: { readonly url: string; readonly form: Form }): Unnamed {
  return {
    ...given,
    rawBody: '',
    signature: getExpectedTwilioSignature(authToken, given.url, { ...given.form }),
  };
}

describe('a form that is signed with the official helper', () => {
  test('is valid with any content', () => {
    fc.assert(
      fc.property(token, url, form, (authToken, where, what) => {
        expect(isSignedBy([authToken], signed(authToken, { url: where, form: what }))).toBe(true);
      }),
    );
  });

  /** The text with one character replaced. */
  const change = (original: string, place: number, alphabet: string) => {
    const characters = Array.from(original);
    const index = place % characters.length;
    characters[index] = Array.from(alphabet).find((each) => each !== characters[index]) ?? '';
    return characters.join('');
  };
  const filled = fc.string({ unit: 'binary', minLength: 1, maxLength: 9 });
  type Signed = Unnamed & { readonly authToken: string };

  test.each<[what: string, alter: (given: Signed, place: number) => Signed]>([
    [
      'a value',
      (given, place) => {
        const [[each, value] = ['', '']] = Object.entries(given.form);
        return { ...given, form: { ...given.form, [each]: change(String(value), place, 'xy') } };
      },
    ],
    [
      'a name',
      (given, place) => {
        const [[each, value] = ['', ''], ...others] = Object.entries(given.form);
        return { ...given, form: Object.fromEntries([...others, [change(each, place, 'xy'), value]]) };
      },
    ],
    [
      'the URL',
      (given, place) => {
        const start = 'https://';
        return { ...given, url: start + change(given.url.slice(start.length), place, '78') };
      },
    ],
    ['the token', (given, place) => ({ ...given, authToken: change(given.authToken, place, '01') })],
    ['the signature', (given, place) => ({ ...given, signature: change(given.signature, place, 'AB') })],
  ])('is invalid when a character of %s has changed', (_what, alter) => {
    const pair = fc.tuple(filled, filled);
    fc.assert(
      fc.property(token, url, pair, form, fc.nat(), (authToken, where, [key, value], what, place) => {
        const given = signed(authToken, { url: where, form: { [key]: value, ...what, [key]: value } });
        const { authToken: altered, ...request } = alter({ ...given, authToken }, place);
        expect(isSignedBy([altered], request)).toBe(false);
      }),
    );
  });
});

/** twilio.md#shared-key-signatures. */
const SHARED_KEY = 'sharedkeysecret0123456789abcdef';
const SETTINGS = 'key=webhooks_sharedkey_01,algorithm=HMAC_SHA256';
const MESSAGE = {
  EventType: 'onMessageAdded',
  AccountSid: 'ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  ConversationSid: 'CHaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  Author: 'whatsapp:US.13491208655302741918',
  Body: 'Hi & bye',
  Attributes: '{}',
  Source: 'WHATSAPP',
};
const SHARED_VECTORS: readonly Vector[] = [
  {
    what: 'a form',
    url: `${BASE}/crm`,
    form: LIST,
    signature: 'aT6Fc4m+G0baRtDlB2w4BhY1sae4zX+2AdNcXVwE078=',
  },
  {
    what: 'a message of a WhatsApp user id',
    url: `${BASE}/twilio-conversations`,
    form: MESSAGE,
    signature: 'uAHwyQNnvt4bYh5tQezZZ16tpl8BYTpt+J4NT2LTwF4=',
  },
  {
    what: 'a URL that was signed with its port',
    url: `${BASE}/twilio-conversations`,
    form: MESSAGE,
    signature: 'thURFJc5Y3MA4UCkEeH2A7RaogYKOgmxlb+YTSPPznA=',
  },
  {
    what: 'the hash of a body that is not a form',
    url: `${BASE}/x?bodySHA256=015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862`,
    rawBody: '{"a":1}',
    signature: 'gy7es5ycdV/Jbp6rQCVlPSLYogSQC9YerIARQDWiRkA=',
  },
];

describe('a request that names a shared key', () => {
  const check = (
    { url, form = {}, rawBody = '', signature }: Vector,
    settings: string | null = SETTINGS,
    secrets = { signingTokens: [TOKEN], sharedKeys: ['other', SHARED_KEY] },
  ) => checkSignature({ url, form, rawBody, signature, settings }, secrets);
  const [vector = { what: '', url: '', signature: '' }] = SHARED_VECTORS;

  test.each(SHARED_VECTORS)('over $what is valid with that key only', (each) => {
    expect(check(each)).toEqual({ kind: 'shared-key' });
    expect(check(each, SETTINGS, { signingTokens: [TOKEN, SHARED_KEY], sharedKeys: ['other'] })).toEqual({
      kind: 'invalid',
      reason: 'mismatch',
    });
  });

  test.each([
    ' algorithm = hmac_sha256 , key=webhooks_sharedkey_01',
    'algorithm=HMAC_SHA256',
    'key=a=b,algorithm=HMAC_SHA256,other',
  ])('may be written as %j', (settings) => {
    expect(check(vector, settings)).toEqual({ kind: 'shared-key' });
  });

  test.each(['key=x', 'key=x,algorithm=', 'key=x,algorithm=HMAC_SHA1', 'Algorithm=HMAC_SHA256'])(
    'is checked with SHA1 if it says %j, and never with the auth token',
    (settings) => {
      const signature = getExpectedTwilioSignature(SHARED_KEY, vector.url, LIST);
      const byToken = getExpectedTwilioSignature(TOKEN, vector.url, LIST);

      expect(check({ ...vector, signature }, settings)).toEqual({ kind: 'shared-key' });
      expect(check({ ...vector, signature: byToken }, settings)).toMatchObject({ kind: 'invalid' });
    },
  );

  test('is invalid with an unknown algorithm', () => {
    expect(check(vector, 'key=x,algorithm=HMAC_MD5')).toEqual({
      kind: 'invalid',
      reason: 'unknown-algorithm',
    });
  });

  test('is invalid, with this reason, if no shared key is configured', () => {
    const byToken = { ...vector, signature: getExpectedTwilioSignature(TOKEN, vector.url, LIST) };

    expect(check(byToken, SETTINGS, { signingTokens: [TOKEN], sharedKeys: [] })).toEqual({
      kind: 'invalid',
      reason: 'no-shared-key',
    });
  });

  test.each([null, '', '  '])('is not assumed if the header is %j', (settings) => {
    const byToken = { ...vector, signature: getExpectedTwilioSignature(TOKEN, vector.url, LIST) };

    expect(check(byToken, settings)).toEqual({ kind: 'auth-token', token: TOKEN });
    expect(check(vector, settings)).toMatchObject({ kind: 'invalid' });
  });
});

describe('the spellings of a URL', () => {
  test('are two for a plain URL, so that a forged request costs little', () => {
    expect(signedUrls(`${BASE}/crm`)).toEqual([`${BASE}/crm`, `${BASE.replace('.com', '.com:443')}/crm`]);
  });

  test.each([
    'https://:443/x',
    ':443/x',
    '',
    'https://',
    'https://[',
    'https:// /%zz?%zz',
    'https://a\u0000b/',
  ])('include at least the URL itself, and nothing is thrown, for %j', (given) => {
    expect(signedUrls(given).length).toBeGreaterThan(0);
    expect(isSignedBy([TOKEN], { url: given, form: LIST, rawBody: '', signature: 'x' })).toBe(false);
  });

  const awkward = fc
    .tuple(
      fc.constantFrom('https://', 'http://', 'HTTPS://', 'https://user:pass@'),
      fc.constantFrom(
        'a.example.com',
        'A.example.com',
        '[::1]',
        'a.example.com:443',
        'a.example.com:8443',
        '',
      ),
      fc.constantFrom('/callbacks/x', '/callbacks/x y', "/it's", '/%7e', ''),
      fc.constantFrom('', '?', "?a='b'", '?a=b c&a=%2f&é=1', '?a#b', '?x=1&y'),
    )
    .map((parts) => parts.join(''));

  test('are those that the official helper tries', () => {
    fc.assert(
      fc.property(awkward, awkward, form, (configured, asSigned, what) => {
        const signature = getExpectedTwilioSignature(TOKEN, asSigned, { ...what });
        for (const where of [configured, asSigned]) {
          if (parseUrl(where) === null) continue;
          expect(isSignedBy([TOKEN], { url: where, form: what, rawBody: '', signature })).toBe(
            validateRequest(TOKEN, signature, where, { ...what }),
          );
        }
      }),
    );
  });
});
