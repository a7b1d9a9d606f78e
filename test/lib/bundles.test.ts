import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { MINIMAL, synthesise } from './synthesis';

const CREDENTIALS = {
  ACCOUNT_SID: 'AC5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e',
  AUTH_TOKEN: 'c0ffee00c0ffee00c0ffee00c0ffee00',
  AUTH_TOKEN_SECONDARY: 'decade00decade00decade00decade00',
  AIRTABLE_API_KEY: 'patAbCdEf123.0123456789abcdef',
};

const synthesis = synthesise({ ...MINIMAL, ...CREDENTIALS }, { bundled: true });
const { bundles, files } = synthesis;

afterAll(() => synthesis.remove());

describe('what is deployed', () => {
  test.each(Object.entries(CREDENTIALS))('holds no %s, even if it is in .env', (_, credential) => {
    expect(files.filter((text) => text.includes(credential))).toEqual([]);
  });

  test('holds seven bundles', () => {
    expect(Object.keys(bundles)).toHaveLength(7);
  });

  test.each(Object.entries(bundles))(
    'answers %s with a handler that needs nothing beside its file',
    (_, bundle) => {
      const script = `process.stdout.write(typeof require('./index.js').handler)`;
      const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
        cwd: bundle,
        env: {},
        encoding: 'utf8',
      });

      expect({ stdout, stderr }).toEqual({ stdout: 'function', stderr: '' });
    },
  );

  test.each(Object.entries(bundles))('maps the lines of %s to its sources', (name, bundle) => {
    const { sources } = JSON.parse(readFileSync(join(bundle, 'index.js.map'), 'utf8'));

    expect(sources).toContainEqual(expect.stringMatching(`/lambdas/${name}.ts$`));
  });

  test.each(Object.entries(bundles))('loads %s fast: the bundle stays under a megabyte', (_, bundle) => {
    expect(statSync(join(bundle, 'index.js')).size).toBeLessThan(1_000_000);
  });
});
