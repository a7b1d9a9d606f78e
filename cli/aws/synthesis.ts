import { rmSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STACK_NAME } from '../../lib/stack-names';
import { type CdkCaller, runCdk } from './cdk';
import { parseTemplate, type StackTemplate } from './stack-template';

/** A CDK cloud assembly. It is compared first and then deployed unchanged. */
export interface Assembly {
  /** The argument of `cdk --app`. Deleted when this process ends. */
  readonly directory: string;
  readonly template: StackTemplate;
}

/** Synthesises the stack's template and its functions' bundles on this machine. @throws {UpstreamError} */
export async function synthesise(caller: CdkCaller): Promise<Assembly> {
  // Not the project's cdk.out, because a CDK process that still deploys from there, as after a kill, keeps it locked.
  const directory = await mkdtemp(join(tmpdir(), 'frontline-cdk-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  await runCdk(['synth', STACK_NAME, '--quiet', '--output', directory], caller, () => {});
  const template = await readFile(join(directory, `${STACK_NAME}.template.json`), 'utf8');
  return { directory, template: parseTemplate(template, 'The synthesized template') };
}
