import { expect, test } from '@jest/globals';
import { showLeft } from '../../../cli/setup/manual-steps';
import { perCallback } from '../../../lambdas/twilio/callbacks';
import { aScreen } from '../terminal/scripted-screen';

test('what is left is numbered and not repeated, and the URLs to paste are last', () => {
  const { screen, text } = aScreen();
  const step = { what: 'Sign-in is missing', fix: 'npx frontline okta' };
  const urls = perCallback((name) => `https://x.example/${name}`);
  const pasted = [urls.crm, urls['outgoing-conversation'], urls.templates, urls.routing];

  showLeft([step, step], urls, screen);

  expect(text()).toContain('\n  1. Sign-in is missing\n      npx frontline okta\n  2. Paste ');
  expect(text().match(/https:.*/g)).toEqual(pasted);
  expect(text()).toMatch(/routing\n$/);
});
