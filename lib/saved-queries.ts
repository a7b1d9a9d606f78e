import { Stack } from 'aws-cdk-lib';
import { CfnQueryDefinition } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { CallbackApi } from './callback-api';
import type { CallbackFunction } from './callback-function';
import { LOG_QUERIES, type LogQuery } from './log-queries';

export interface SavedQueriesProps {
  readonly api: CallbackApi;
  readonly callbacks: readonly CallbackFunction[];
}

/** The questions that one asks of the logs, to be found in CloudWatch under Logs Insights > Saved queries. */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, { api, callbacks }: SavedQueriesProps) {
    super(scope, id);
    for (const query of LOG_QUERIES) {
      const logGroups = callbacks.map(({ logGroup }) => logGroup);
      if (query.of === 'functions and API') logGroups.push(api.accessLogs);
      // The plain resource: the construct over it cannot hold a comment, in which a placeholder is explained.
      new CfnQueryDefinition(this, query.name, {
        name: `${Stack.of(this).stackName}/${query.name}`,
        queryString: textOf(query),
        logGroupNames: logGroups.map(({ logGroupName }) => logGroupName),
      });
    }
  }
}

function textOf({ comment, commands }: LogQuery): string {
  return `# ${comment}\n${commands.join('\n| ')}`;
}
