import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseUrl } from '../../../lambdas/characters/parse-url';
import type { Customer } from '../../../lambdas/customers/customer';
import { linksOf } from '../../../lambdas/frontline/customer-details';

const NO_LINKS: Customer = {
  id: '1',
  recordId: 'rec00000000000001',
  createdTime: '',
  name: null,
  avatar: null,
  sms: null,
  whatsapp: null,
  email: null,
  linkedin: null,
  notes: null,
  owner: null,
  optOutCell: 'no',
  addressKeys: [],
  digitTails: [],
  columns: new Map(),
};

describe('the link to a profile', () => {
  test.each([
    ['https://www.linkedin.com/in/jane', 'https://www.linkedin.com/in/jane'],
    ['HTTPS://www.linkedin.com/in/jane', 'https://www.linkedin.com/in/jane'],
    ['http://linkedin.com/in/jane', 'https://linkedin.com/in/jane'],
    ['www.linkedin.com/in/jane', 'https://www.linkedin.com/in/jane'],
    ['linkedin.com', 'https://linkedin.com/'],
    ['linkedin.com:443/in/jane', 'https://linkedin.com/in/jane'],
    ['https://linkedin.com/in/jane roe', 'https://linkedin.com/in/jane%20roe'],
    ['https://linkedin.com/in/ж', 'https://linkedin.com/in/%D0%B6'],
  ])('%s is %s', (linkedin, value) => {
    expect(linksOf({ ...NO_LINKS, linkedin })).toEqual([
      { type: 'LinkedIn', value, display_name: 'LinkedIn profile' },
    ]);
  });

  test.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>',
    'ftp://linkedin.com/in/jane',
    'file:///etc/passwd',
    'mailto:jane@example.com',
    'tel:+14155550123',
    'https://',
    'http:',
    'jane',
    '@jane',
    'see notes',
    '.NET',
    'none.',
    '...',
    `https://linkedin.com/${'x'.repeat(2_000)}`,
  ])('is left out if it is invalid: %s', (linkedin) => {
    expect(linksOf({ ...NO_LINKS, linkedin })).toEqual([]);
  });
});

describe('the link to write an e-mail', () => {
  test.each(['jane@example.com', "jane.o'roe+tea@mail.example.com", 'józef@exämple.com'])(
    'shows the address %s',
    (email) => {
      expect(linksOf({ ...NO_LINKS, email })).toEqual([
        { type: 'Email', value: `mailto:${email}`, display_name: email },
      ]);
    },
  );

  test.each([
    'jane',
    'jane@',
    '@example.com',
    'jane@example',
    'jane roe@example.com',
    'Jane <jane@example.com>',
    'a@example.com; b@example.com',
    'jane@example.com"onclick="',
    'jane@example.com?bcc=eve@example.com',
    'a?bcc=eve@example.com',
    '//eve@example.com',
    'a%0Ab@example.com',
    `${'x'.repeat(250)}@example.com`,
  ])('is left out if it is invalid: %s', (email) => {
    expect(linksOf({ ...NO_LINKS, email })).toEqual([]);
  });
});

test('there are no links if nothing is filled in', () => {
  expect(linksOf(NO_LINKS)).toEqual([]);
});

test('each link is one that Frontline shows, for any input', () => {
  const typed = fc.option(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.webUrl(),
      fc.emailAddress(),
      fc
        .tuple(fc.constantFrom('javascript:', 'http://', 'https://', '//', ' ', 'x:'), fc.domain())
        .map((parts) => parts.join('')),
    ),
  );
  fc.assert(
    fc.property(typed, typed, (linkedin, email) => {
      for (const { value, display_name } of linksOf({ ...NO_LINKS, linkedin, email })) {
        expect(value).toMatch(/^(https:\/\/[^\s/]*[^\s/.]\.[^\s/.]|mailto:[^\s@]+@)/);
        expect(parseUrl(value)).not.toBeNull();
        expect(display_name).not.toBe('');
      }
    }),
  );
});
