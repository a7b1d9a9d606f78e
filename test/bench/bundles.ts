import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { FUNCTION_NAMES, type FunctionName } from '../../lib/function-names';
import { INBOX_STACK_NAME, STACK_NAME } from '../../lib/stack-names';
import { run } from '../e2e/command';

/** A bundle as Lambda would load it. */
export interface Bundle {
  readonly name: string;
  readonly file: string;
  readonly kilobytes: number;
}

/** The bundles that `cdk deploy` would upload. */
export interface Bundles {
  /** The folder of the bundles. */
  readonly folder: string;
  readonly all: readonly Bundle[];
  of(name: FunctionName): Bundle;
}

const SETTINGS = { AIRTABLE_BASE_ID: 'appBench', TWILIO_SMS_NUMBER: '+15017122661', INBOX: 'true' };

/** Synthesizes both stacks into the folder, as `cdk deploy` does before it uploads anything. */
export async function synthesize(folder: string, signal: AbortSignal): Promise<void> {
  await run('npx', ['cdk', 'synth', '--quiet', '--no-notices', '--asset-metadata', '--output', folder], {
    env: { ...process.env, ...SETTINGS },
    signal,
  });
}

const Template = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    Resources: v.record(v.string(), v.object({ Type: v.string(), Metadata: v.optional(v.unknown()) })),
  }),
);
const FunctionMetadata = v.object({ 'aws:asset:path': v.string() });

/** The bundles in a folder of `synthesize`. */
export async function bundlesIn(folder: string): Promise<Bundles> {
  const files = (
    await Promise.all([STACK_NAME, INBOX_STACK_NAME].map((name) => filesOf(folder, name)))
  ).flat();
  const sources = await Promise.all(files.map(sourcesOf));
  const all = await Promise.all(
    FUNCTION_NAMES.map((name) => {
      const file = files.find((_, index) =>
        sources[index]?.some((path) => path.endsWith(`/lambdas/${name}.ts`)),
      );
      if (file === undefined) throw new Error(`The stack has no function ${name}`);
      return bundleAt(name, file);
    }),
  );
  return {
    folder,
    all,
    of: (name) => {
      const bundle = all.find((each) => each.name === name);
      if (bundle === undefined) throw new Error(`There is no bundle of ${name}`);
      return bundle;
    },
  };
}

/** The files of the functions of one stack. */
async function filesOf(folder: string, stackName: string): Promise<string[]> {
  const text = await readFile(join(folder, `${stackName}.template.json`), 'utf8');
  return Object.values(v.parse(Template, text).Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Metadata }) => join(folder, v.parse(FunctionMetadata, Metadata)['aws:asset:path'], 'index.js'));
}

export async function bundleAt(name: string, file: string): Promise<Bundle> {
  return { name, file, kilobytes: Math.round((await stat(file)).size / 1_024) };
}

const SourceMap = v.pipe(v.string(), v.parseJson(), v.object({ sources: v.array(v.string()) }));

/** The source files of a bundle. */
async function sourcesOf(file: string): Promise<string[]> {
  return v.parse(SourceMap, await readFile(`${file}.map`, 'utf8')).sources;
}
