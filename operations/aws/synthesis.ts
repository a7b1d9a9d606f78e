import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CdkCaller, runCdk } from './cdk';
import { STACK_NAME } from './stack-names';
import { parseTemplate, type StackTemplate } from './stack-template';

/** What CDK would deploy: looked at first, and then deployed as it was looked at. */
export interface Assembly {
  /** What `cdk --app` takes. */
  readonly directory: string;
  readonly template: StackTemplate;
}

/** Has CDK make the stack's template and its functions' bundles, on this machine only. @throws {UpstreamFailed} */
export async function synthesise(caller: CdkCaller): Promise<Assembly> {
  const directory = join(caller.directory, 'cdk.out');
  await runCdk(['synth', STACK_NAME, '--quiet', '--output', directory], caller, () => {});
  const file = join(directory, `${STACK_NAME}.template.json`);
  return { directory, template: parseTemplate(await readFile(file, 'utf8'), file) };
}
