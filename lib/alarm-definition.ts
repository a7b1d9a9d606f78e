import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** The definition of an alarm: its metric, threshold and message. */
export interface AlarmDefinition {
  readonly name: string;
  readonly metric: Metric;
  /** The highest value that does not alarm. */
  readonly atMost: number;
  /** The alarm's message: what it means, where to look and what to do. */
  readonly meaning: string;
  /**
   * The heading in docs/runbook.md, which the message links.
   * @default the name
   */
  readonly runbook?: string;
  readonly when: Periods;
  /**
   * The meaning of a period without data.
   * @default 'good', because most metrics have values only when there is something to count
   */
  readonly missing?: 'good' | 'bad';
}

/** The share of requests that may fail. */
export const ACCEPTED_FAILURES = 0.05;

/** Parts of the messages: where to look. */
export const LOGS_SHOW_ERRORS = '`npx frontline logs --errors` shows them';
export const DOCTOR_FINDS_CAUSE = '`npx frontline doctor` looks for the cause';

/** How many of the last periods have to be over the limit. */
export interface Periods {
  readonly period: Duration;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
}

/**
 * Three breaching minutes of the last sixty, and so at least three responses: a single failed or slow one, at night
 * perhaps the only one of its minute, does not alarm. An outage alarms in its third minute with a request; for a small
 * team these three are not in a row. The alarm ends when all but two of them are an hour ago.
 */
export const IN_THREE_MINUTES_OF_AN_HOUR: Periods = {
  period: Duration.minutes(1),
  evaluationPeriods: 60,
  datapointsToAlarm: 3,
};
export const WITHIN_FIVE_MINUTES: Periods = {
  period: Duration.minutes(5),
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
};
export const WITHIN_AN_HOUR: Periods = {
  period: Duration.hours(1),
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
};

/** Creates the alarm, which notifies the topic when it begins and when it is over. */
export function createAlarm(
  scope: Construct,
  { name, metric, when, atMost, meaning, runbook = name, missing = 'good' }: AlarmDefinition,
  topic: ITopic,
): Alarm {
  const { period, ...periods } = when;
  const alarm = new Alarm(scope, name, {
    metric: metric.with({ period }),
    ...periods,
    threshold: atMost,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: missing === 'bad' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    alarmName: `${Stack.of(scope).stackName}-${name}`,
    alarmDescription: `${meaning} Runbook: docs/runbook.md#${runbook}`,
  });
  const notify = new SnsAction(topic);
  alarm.addAlarmAction(notify);
  alarm.addOkAction(notify);
  return alarm;
}
