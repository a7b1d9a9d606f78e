import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Environment } from '../../lambdas/config';
import { readDeploymentConfiguration } from '../../lib/deployment-configuration';
import { FrontlineAirtableStack } from '../../lib/frontline-airtable-stack';

/** The minimal configuration. */
export const MINIMAL: Environment = { AIRTABLE_BASE_ID: 'appWtRd1nZ7', TWILIO_SMS_NUMBER: '+14135550100' };

/** Everything that a deployment of the stack would send to AWS. */
export interface Synthesis {
  readonly template: Template;
  /** Each function's bundle by the function's name; empty when nothing was bundled. */
  readonly bundles: Readonly<Record<string, string>>;
  /** The text of every file that is uploaded. */
  readonly files: readonly string[];
  remove(): void;
}

export interface SynthesisOptions {
  /** Bundling takes seconds. @default false */
  readonly bundled?: boolean;
  /** Context that `-c` adds to the flags of `cdk.json`. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** Synthesises the stack as `cdk synth` does, with the flags of `cdk.json`. */
export function synthesise(environment: Environment, options: SynthesisOptions = {}): Synthesis {
  const outdir = mkdtempSync(join(tmpdir(), 'frontline-synthesis-'));
  const template = Template.fromStack(stackFor(environment, outdir, options).stack);
  return {
    template,
    bundles: options.bundled ? bundlesByFunction(template, outdir) : {},
    files: filesBelow(outdir).map((file) => readFileSync(file, 'utf8')),
    remove: () => rmSync(outdir, { recursive: true }),
  };
}

/** The app and its stack, before they are synthesised into the folder. */
export function stackFor(
  environment: Environment,
  outdir: string,
  { bundled = false, context = {} }: SynthesisOptions = {},
): { readonly app: App; readonly stack: FrontlineAirtableStack } {
  const flags = JSON.parse(readFileSync('cdk.json', 'utf8')).context;
  const app = new App({
    outdir,
    analyticsReporting: false,
    context: {
      ...flags,
      'aws:cdk:enable-asset-metadata': true,
      ...(bundled ? {} : { 'aws:cdk:bundling-stacks': [] }),
      ...context,
    },
  });
  const configuration = readDeploymentConfiguration(environment);
  return { app, stack: new FrontlineAirtableStack(app, 'FrontlineAirtable', { configuration }) };
}

export interface Resource {
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export function resources(template: Template, type: string): readonly Resource[] {
  return Object.entries(template.findResources(type)).map(([id, { Properties }]) => ({
    id,
    properties: Properties ?? {},
  }));
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

function bundlesByFunction(template: Template, outdir: string): Record<string, string> {
  const functions = template.findResources('AWS::Lambda::Function');
  return Object.fromEntries(
    Object.entries(serviceFunctions(template)).map(([name, { id }]) => [
      name,
      join(outdir, String(functions[id]?.['Metadata']['aws:asset:path'])),
    ]),
  );
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}
