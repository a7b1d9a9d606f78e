import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../lambdas/config';
import { INBOX_STACK_NAME, STACK_NAME } from '../../lib/stack-names';

/** The minimal configuration. */
export const MINIMAL: Environment = { AIRTABLE_BASE_ID: 'appWtRd1nZ7', TWILIO_SMS_NUMBER: '+14135550100' };

/** The minimal configuration with the workers' inbox. */
export const WITH_INBOX: Environment = { ...MINIMAL, INBOX: 'true' };

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: readonly string[];
}

/** The stack's CloudFormation template. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs: Readonly<Record<string, { readonly Description: string; readonly Value: unknown }>>;
}

/** Context that `-c` adds to the flags of `cdk.json`. */
type Context = Readonly<Record<string, unknown>>;

/** The service's template of a deployment with this configuration. Functions are not bundled, which takes seconds. */
export function synthesise(environment: Environment, context: Context = {}): Template {
  return templateOf(STACK_NAME, JSON.parse(once({ environment, context })));
}

/** The inbox's template. @throws without an inbox */
export function synthesiseInbox(environment: Environment = WITH_INBOX, context: Context = {}): Template {
  return templateOf(INBOX_STACK_NAME, JSON.parse(once({ environment, context })));
}

function templateOf(stack: string, templates: Readonly<Record<string, Template>>): Template {
  const template = templates[stack];
  if (template === undefined) throw new Error(`There is no stack ${stack}`);
  return template;
}

/** The report of cdk-nag on the stacks, as JSON. */
export function checkRules(environment: Environment): unknown {
  return JSON.parse(once({ environment, rules: true }));
}

export interface Bundles {
  /** Each function's bundle by the function's name. */
  readonly bundles: Readonly<Record<string, string>>;
  /** The text of every file that is uploaded. */
  readonly files: readonly string[];
  remove(): void;
}

/** Everything that a deployment of the stacks would send to AWS. */
export function bundle(environment: Environment): Bundles {
  const outdir = mkdtempSync(join(tmpdir(), 'frontline-synthesis-'));
  const templates = JSON.parse(run({ environment, bundled: true, outdir }));
  const service = templateOf(STACK_NAME, templates);
  const inbox = templateOf(INBOX_STACK_NAME, templates);
  return {
    bundles: {
      ...bundlesByFunction(service, serviceFunctions(service), outdir),
      ...bundlesByFunction(inbox, inboxFunctions(inbox), outdir),
    },
    files: filesBelow(outdir).map((file) => readFileSync(file, 'utf8')),
    remove: () => rmSync(outdir, { recursive: true }),
  };
}

const CACHE = 'node_modules/.cache/frontline-synthesis';

/** The output of `run`, kept for as long as the sources that it depends on stay the same. */
function once(request: object): string {
  const sources = ['lib', 'lambdas'].flatMap(filesBelow).sort();
  const hash = createHash('sha256').update(
    JSON.stringify([request, process.version, process.cwd(), sources]),
  );
  for (const file of [...sources, 'cdk.json', 'package-lock.json', 'test/lib/synthesise.ts']) {
    hash.update(readFileSync(file));
  }
  const cached = join(CACHE, `${hash.digest('hex')}.json`);
  try {
    return readFileSync(cached, 'utf8');
  } catch {
    const outdir = mkdtempSync(join(tmpdir(), 'frontline-synthesis-'));
    const output = run({ ...request, outdir });
    rmSync(outdir, { recursive: true });
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(`${cached}.${process.pid}`, output);
    renameSync(`${cached}.${process.pid}`, cached);
    return output;
  }
}

function run(request: object): string {
  const program = ['--import', 'tsx', 'test/lib/synthesise.ts', JSON.stringify(request)];
  return execFileSync(process.execPath, program, { encoding: 'utf8', maxBuffer: 64 * 1_024 * 1_024 });
}

export interface Resource {
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export function resources(template: Template, type: string): readonly Resource[] {
  return Object.entries(template.Resources).flatMap(([id, { Type, Properties = {} }]) =>
    Type === type ? [{ id, properties: Properties }] : [],
  );
}

/** The function behind each callback's route, by the callback's name. */
export function callbackFunctions(template: Template): Readonly<Record<string, Resource>> {
  const behind = Object.entries(functionsBehindRoutes(template));
  const prefix = 'POST /callbacks/';
  return Object.fromEntries(
    behind.flatMap(([route, found]) =>
      route.startsWith(prefix) ? [[route.slice(prefix.length), found]] : [],
    ),
  );
}

/** Every function of the service, by name: the callbacks, Airtable's webhook, and sync. */
export function serviceFunctions(template: Template): Readonly<Record<string, Resource>> {
  const airtableWebhook = functionsBehindRoutes(template)['POST /airtable/webhook'];
  const sync = resources(template, 'AWS::Lambda::Function').find(({ id }) => id.startsWith('SyncFunction'));
  if (airtableWebhook === undefined || sync === undefined) {
    throw new Error('The template lacks the function for Airtable, or sync');
  }
  return { ...callbackFunctions(template), 'airtable-webhook': airtableWebhook, sync };
}

/** The inbox's functions, by name. */
export function inboxFunctions(template: Template): Readonly<Record<string, Resource>> {
  const found = resources(template, 'AWS::Lambda::Function');
  const named = (id: string) => found.find((each) => each.id.startsWith(id)) ?? { id: '', properties: {} };
  return {
    'inbox-api': named('InboxApiFunction'),
    'inbox-events': named('InboxEventsFunction'),
    'inbox-live': named('InboxLiveFunction'),
  };
}

function functionsBehindRoutes(template: Template): Readonly<Record<string, Resource>> {
  const integrations = resources(template, 'AWS::ApiGatewayV2::Integration');
  const functions = resources(template, 'AWS::Lambda::Function');
  return Object.fromEntries(
    resources(template, 'AWS::ApiGatewayV2::Route').map(({ properties: { RouteKey, Target } }) => {
      const integration = integrations.find(({ id }) => JSON.stringify(Target).includes(`"${id}"`));
      const uri = JSON.stringify(integration?.properties['IntegrationUri']);
      const found = functions.find(({ id }) => uri.includes(`"${id}"`));
      if (found === undefined) throw new Error(`No function is behind ${RouteKey}`);
      return [String(RouteKey), found];
    }),
  );
}

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** The statements in the policy of a function's role. */
export function statementsOf(template: Template, { properties: { Role } }: Resource): readonly Statement[] {
  const role = JSON.stringify([{ Ref: Object(Role)['Fn::GetAtt'][0] }]);
  return resources(template, 'AWS::IAM::Policy')
    .filter(({ properties: { Roles } }) => JSON.stringify(Roles) === role)
    .flatMap(({ properties }) => Object(properties['PolicyDocument']).Statement);
}

function bundlesByFunction(
  template: Template,
  functions: Readonly<Record<string, Resource>>,
  outdir: string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(functions).map(([name, { id }]) => [
      name,
      join(outdir, String(template.Resources[id]?.Metadata['aws:asset:path'])),
    ]),
  );
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}
