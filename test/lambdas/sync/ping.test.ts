import { expect, test } from '@jest/globals';
import { readPing, verifyPing } from '../../../lambdas/sync/ping';

const WEBHOOK = { id: 'ach00000000000000', macSecretBase64: 'c2VjcmV0LWtleQ==', notificationUrl: null };
const SPACED =
  '{"base": {"id": "app00000000000000"}, "webhook": {"id": "ach00000000000000"}, "timestamp": "2022-02-01T21:25:05.663Z"}';

test.each([
  [SPACED, 'e26da696a90933647bddc83995c3e1e3bb1c3d8ce1ff61cb7469767d50b2b2d4'],
  [SPACED.replaceAll(' ', ''), '6486781ffbbd5e9ed3bd9137d539ab9dceec8dba7c65c6cbf3c8c3ceefbf8802'],
])("Airtable's authentication code covers the body's exact bytes: %s", (body, mac) => {
  const read = (text: string) =>
    readPing({
      headers: { 'x-airtable-content-mac': `hmac-sha256=${mac}` },
      body: text,
      isBase64Encoded: false,
    });
  const ping = read(body);
  expect(ping).toMatchObject({ baseId: 'app00000000000000', webhookId: 'ach00000000000000' });
  verifyPing(ping, WEBHOOK);
  expect(() => verifyPing(read(`${body} `), WEBHOOK)).toThrow('does not match');
  expect(() => verifyPing(ping, { ...WEBHOOK, macSecretBase64: 'c2VjcmV0' })).toThrow('does not match');
  expect(() => verifyPing(ping, null)).toThrow('no webhook');
});
