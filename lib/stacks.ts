import type { App } from 'aws-cdk-lib';
import type { DeploymentConfiguration } from './deployment-configuration';
import { FrontlineAirtableStack } from './frontline-airtable-stack';
import { FrontlineAirtableInboxStack } from './inbox/frontline-airtable-inbox-stack';
import { INBOX_STACK_NAME, STACK_NAME } from './stack-names';

/**
 * Adds the stacks of a configuration: the service, and the inbox only if it is configured, because `cdk deploy` deploys
 * every stack of the app.
 */
export function addStacks(app: App, configuration: DeploymentConfiguration): void {
  const { parts } = new FrontlineAirtableStack(app, STACK_NAME, { configuration });
  const { inbox } = configuration;
  if (inbox === null) return;
  new FrontlineAirtableInboxStack(app, INBOX_STACK_NAME, { configuration, inbox, service: parts });
}
