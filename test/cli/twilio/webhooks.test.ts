import { describe, expect, test } from '@jest/globals';
import { listenerAt, withoutSecrets } from '../../../cli/twilio/webhooks';

const OURS = 'https://api.example.com/stage/callbacks/twilio-conversations';

describe('the receiver at a URL', () => {
  test.each([
    ['no address', null, 'none'],
    ['ours', OURS, 'this stack'],
    ['ours with connection settings', `${OURS}#ct=2000&rc=2`, 'this stack'],
    ['ours with a slash', `${OURS}/`, 'another stack'],
    ['ours in capitals', OURS.toUpperCase(), 'another stack'],
    ['ours with a query', `${OURS}?env=prod`, 'another stack'],
    ['another stack', 'https://old.example.com/callbacks/twilio-conversations', 'another stack'],
    ['another of our callbacks', 'https://api.example.com/callbacks/crm', 'another integration'],
    ['a bot', 'https://bot.example.org/hooks', 'another integration'],
    [
      'a bot that knows our path',
      'https://bot.example.org/?to=/callbacks/twilio-conversations',
      'another integration',
    ],
    ['a longer path', `${OURS}/v2`, 'another integration'],
  ])('%s', (_what, url, listener) => {
    expect(listenerAt(url, OURS)).toBe(listener);
  });

  test('is another stack if this one is unknown', () => {
    expect(listenerAt(OURS, null)).toBe('another stack');
  });
});

describe('a URL in a report', () => {
  test.each([
    ['https://bot.example.org/hooks', 'https://bot.example.org/hooks'],
    ['https://bot.example.org/hooks?key=s3cret#rc=2', 'https://bot.example.org/hooks?…'],
    ['https://user:s3cret@bot.example.org:8443/', 'https://bot.example.org:8443/'],
    ['FW123', 'FW123'],
    ['no address?key=s3cret', 'no address'],
  ])('%s is shown as %s', (url, shown) => {
    expect(withoutSecrets(url)).toBe(shown);
  });
});
