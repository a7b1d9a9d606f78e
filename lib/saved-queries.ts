import { Stack } from 'aws-cdk-lib';
import { CfnQueryDefinition, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { CallbackApi } from './callback-api';
import { LOG_QUERIES, type LogQuery, type LogSource } from './log-queries';
import type { ServiceFunctions } from './service-functions';

export interface SavedQueriesProps {
  readonly api: CallbackApi;
  readonly functions: ServiceFunctions;
}

/** The saved log queries, in CloudWatch under Logs Insights > Saved queries. */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, props: SavedQueriesProps) {
    super(scope, id);
    for (const query of LOG_QUERIES) {
      // The L1 resource, because the L2 construct cannot hold a comment, which explains a placeholder.
      new CfnQueryDefinition(this, query.name, {
        name: `${Stack.of(this).stackName}/${query.name}`,
        queryString: textOf(query),
        logGroupNames: logGroupsOf(query, props).map(({ logGroupName }) => logGroupName),
      });
    }
  }
}

/** The log groups that a query reads. */
export function logGroupsOf({ of }: LogQuery, { api, functions }: SavedQueriesProps): readonly ILogGroup[] {
  const groups: Readonly<Record<LogSource, readonly ILogGroup[]>> = {
    callbacks: functions.callbacks.map(({ logGroup }) => logGroup),
    'airtable-webhook': [functions.airtableWebhook.logGroup],
    sync: [functions.sync.logGroup],
    API: [api.accessLogs],
  };
  return of.flatMap((source) => groups[source]);
}

function textOf({ comment, commands }: LogQuery): string {
  return `# ${comment}\n${commands.join('\n| ')}`;
}
