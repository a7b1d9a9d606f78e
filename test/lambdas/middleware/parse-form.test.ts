import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { handler as crm } from '../../../lambdas/crm';
import { handler as outgoing } from '../../../lambdas/outgoing-conversation';
import { callbackEvent } from '../../world/callback-event';
import { ANA } from '../../world/crm';
import { formEvent, type Pair } from '../../world/form-event';
import { startWorld, world } from '../../world/use-world';
import { AUTH_TOKEN, closeWorlds, SMS_NUMBER } from '../../world/world';

beforeAll(async () => {
  await startWorld();
});
afterAll(async () => {
  await closeWorlds();
});

const path = '/callbacks/outgoing-conversation';
const QUESTION: readonly Pair[] = [
  ['Location', 'GetProxyAddress'],
  ['Worker', ANA],
  ['ChannelType', 'sms'],
  ['ChannelValue', '+14155550123'],
];
const ANSWER = { status: 200, body: { proxy_address: SMS_NUMBER } };

describe('a signed form is parsed as Twilio wrote it', () => {
  test.each<[string, readonly Pair[]]>([
    [
      'a name that is repeated',
      [
        ['A', 'b'],
        ['A', 'a'],
        ['A', 'b'],
      ],
    ],
    [
      'blank values',
      [
        ['A', ''],
        ['B', ''],
      ],
    ],
    ['a blank name', [['', 'a']]],
    [
      'names of Object.prototype',
      [
        ['__proto__', 'a'],
        ['constructor', 'b'],
        ['toString', 'c'],
        ['hasOwnProperty', 'd'],
      ],
    ],
    [
      'a repeated __proto__',
      [
        ['__proto__', 'b'],
        ['__proto__', 'a'],
      ],
    ],
    [
      'brackets and dots in names',
      [
        ['a[b]', '1'],
        ['a[c]', '2'],
        ['MessagingBinding.Address', '+1'],
      ],
    ],
    [
      'letters of all scripts',
      [
        ['Größe', 'José & Söhne'],
        ['名前', 'اسم'],
        ['🙂', '👩‍👧'],
      ],
    ],
    [
      'plus signs, percent signs and semicolons',
      [
        ['a+b', '1+1=2'],
        ['c%20', '100%'],
        ['d;e', 'f;g=h'],
      ],
    ],
    ['more than a thousand names', Array.from({ length: 1_500 }, (_, index) => [`n${index}`, 'v'] as const)],
  ])('with %s', async (_what, extra) => {
    expect(await world.deliver(outgoing, formEvent([...QUESTION, ...extra], { path }))).toMatchObject(ANSWER);
  });

  test('with any unknown parameters', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 12 });
    const ours = new Set(QUESTION.map(([name]) => name));
    const name = fc
      .oneof(text, fc.constantFrom('__proto__', 'A', 'B', ''))
      .filter((each) => !ours.has(each) && each !== 'AccountSid');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, text), { maxLength: 8 }), async (extra) => {
        expect(await world.deliver(outgoing, formEvent([...extra, ...QUESTION], { path }))).toMatchObject(
          ANSWER,
        );
      }),
    );
  });

  test('with a + for a space, in capital or small hexadecimal digits, and with bare names', async () => {
    const signed = formEvent([...QUESTION, ['Query', 'Zoë de Vries'], ['Anchor', '']], { path });
    const spelled =
      'Location=GetProxyAddress&Worker=ana%40example.com&ChannelType=sms&ChannelValue=%2b14155550123' +
      '&Query=Zo%c3%AB+de+Vries&&Anchor';

    expect(
      await world.deliver(outgoing, { ...signed, body: Buffer.from(spelled).toString('base64') }),
    ).toMatchObject(ANSWER);
  });
});

describe('a signed form that cannot be decoded', () => {
  test.each(['%', '%zz', 'a=%E0%A4', '%ff%fe=1', '\u0000', '=&=&=', ''])(
    'such as "%s" returns a 4xx and never a 500',
    async (rawBody) => {
      const event = callbackEvent({}, { path: '/callbacks/crm', authToken: AUTH_TOKEN, rawBody });

      const { status } = await world.deliver(crm, event);

      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    },
  );
});
