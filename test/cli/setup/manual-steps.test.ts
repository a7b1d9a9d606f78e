import { expect, test } from '@jest/globals';
import { showLeft } from '../../../cli/setup/manual-steps';
import { aScreen } from '../terminal/scripted-screen';

test('what is left is numbered and not repeated, and the URLs to paste are last', () => {
  const { screen, text } = aScreen();
  const url = (name: string) => `https://x.example/callbacks/${name}`;
  const step = { what: 'Sign-in is missing', fix: 'npm run okta' };
  const urls = {
    crm: url('crm'),
    'outgoing-conversation': url('outgoing-conversation'),
    templates: url('templates'),
    routing: url('routing'),
  };

  showLeft([step, step], urls, screen);

  expect(text()).toContain('\n  1. Sign-in is missing\n      npm run okta\n  2. Paste ');
  expect(text().match(/https:.*/g)).toEqual(Object.values(urls));
  expect(text()).toMatch(/routing\n$/);
});
