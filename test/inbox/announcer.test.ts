import { expect, test } from '@jest/globals';
import { announce, announcement } from '../../inbox/state/announcer';

test('the same words are said again', () => {
  announce('New message from Jane');
  const first = announcement.value;
  announce('New message from Jane');
  expect(announcement.value.text).toBe(first.text);
  expect(announcement.value.id).not.toBe(first.id);
});
