import { Aws } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  type Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  type IMetric,
  LogQueryVisualizationType,
  LogQueryWidget,
  TextWidget,
  TextWidgetBackground,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { LogQuery } from './log-queries';

/** A dashboard's URL in the console. */
export function dashboardUrl({ dashboardName }: Dashboard): string {
  return `https://${Aws.REGION}.console.aws.amazon.com/cloudwatch/home?region=${Aws.REGION}#dashboards/dashboard/${dashboardName}`;
}

export function alarmStatus(alarms: readonly Alarm[]): AlarmStatusWidget {
  return new AlarmStatusWidget({
    title: 'Alarms: all should be green',
    alarms: [...alarms],
    width: 24,
    height: 3,
  });
}

/** A heading: the question that the widgets under it answer. */
export function heading(question: string): TextWidget {
  return new TextWidget({
    markdown: `## ${question}`,
    width: 24,
    height: 1,
    background: TextWidgetBackground.TRANSPARENT,
  });
}

/** A table with the result of a query. */
export function queryTable(
  title: string,
  { commands }: Pick<LogQuery, 'commands'>,
  logGroups: readonly ILogGroup[],
  width: 16 | 24,
): LogQueryWidget {
  return new LogQueryWidget({
    title,
    logGroupNames: logGroups.map(({ logGroupName }) => logGroupName),
    queryLines: [...commands],
    view: LogQueryVisualizationType.TABLE,
    width,
    height: 6,
  });
}

/** A graph a third of the page wide, with an axis that starts at zero. */
export function graph(
  title: string,
  metrics: readonly IMetric[],
  options: GraphWidgetProps = {},
): GraphWidget {
  return new GraphWidget({
    title,
    left: [...metrics],
    leftYAxis: { min: 0, showUnits: false },
    width: 8,
    height: 6,
    ...options,
  });
}
