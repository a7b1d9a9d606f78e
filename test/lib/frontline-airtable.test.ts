import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FUNCTION_VARIABLES } from '../../lambdas/config';

const PROJECT = process.cwd();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'frontline-app-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the CDK app as `cdk` runs it, in a folder whose `.env` holds `dotenv`. */
function runApp(dotenv: string) {
  writeFileSync(join(folder, '.env'), dotenv);
  const configured = new Set<string>([...FUNCTION_VARIABLES, 'SSO_REALM_SID', 'ALARM_EMAIL']);
  const inherited = Object.entries(process.env).filter(([name]) => !configured.has(name));
  return spawnSync(
    process.execPath,
    [
      '--import',
      join(PROJECT, 'node_modules/tsx/dist/esm/index.mjs'),
      join(PROJECT, 'bin/frontline-airtable.ts'),
    ],
    {
      cwd: folder,
      env: {
        ...Object.fromEntries(inherited),
        CDK_OUTDIR: join(folder, 'cdk.out'),
        CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:bundling-stacks': [] }),
      },
      encoding: 'utf8',
    },
  );
}

describe('the CDK app', () => {
  test('names every missing variable, plainly and without a stack trace', () => {
    const { status, stderr } = runApp('TWILIO_SMS_NUMBER=none\nALARM_EMAIL=none\n');

    expect(status).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([
      'Invalid configuration in .env or the environment (see .env.example):',
      expect.stringMatching(/^ {2}ALARM_EMAIL is malformed/),
      expect.stringMatching(/^ {2}AIRTABLE_BASE_ID is missing/),
      expect.stringMatching(/^ {2}TWILIO_SMS_NUMBER is malformed/),
    ]);
  });

  test('synthesises the stack from .env', () => {
    const { status, stderr } = runApp('AIRTABLE_BASE_ID=appA1\nTWILIO_SMS_NUMBER=+14135550100\n');

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
