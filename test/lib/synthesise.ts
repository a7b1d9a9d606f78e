import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readDeploymentConfiguration } from '../../lib/deployment-configuration';
import { addStacks } from '../../lib/stacks';

/**
 * The program behind `synthesis.ts`: synthesises the stacks as `cdk synth` does, with the flags of `cdk.json`. Jest
 * would load the CDK again for each test file, which takes seconds.
 * It prints the templates by the stacks' names, or the report of cdk-nag.
 */
const { environment, outdir, bundled, context, rules } = JSON.parse(process.argv[2] ?? '');

const app = new App({
  outdir,
  analyticsReporting: false,
  context: {
    ...JSON.parse(readFileSync('cdk.json', 'utf8')).context,
    'aws:cdk:enable-asset-metadata': true,
    ...(bundled ? {} : { 'aws:cdk:bundling-stacks': [] }),
    ...context,
  },
});
addStacks(app, readDeploymentConfiguration(environment));
if (rules) Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
try {
  app.synth();
} catch (error) {
  // The report says which rule is broken.
  if (!rules) throw error;
}
if (rules) {
  process.stdout.write(readFileSync(join(outdir, 'validation-report.json')));
} else {
  const templates = app.node.children.filter(Stack.isStack).map(({ stackName, templateFile }) => {
    return [stackName, JSON.parse(readFileSync(join(outdir, templateFile), 'utf8'))] as const;
  });
  process.stdout.write(JSON.stringify(Object.fromEntries(templates)));
}
