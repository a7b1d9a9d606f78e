import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';

/** What an alarm watches, and what it says. */
export interface Watch {
  readonly name: string;
  readonly metric: Metric;
  /** What may be reached and not exceeded. */
  readonly atMost: number;
  /** What it means that the alarm rings, where to look, and what to do. */
  readonly meaning: string;
  readonly when: Periods;
  /**
   * What it means that nothing was published.
   * @default 'good', because most metrics have values only when there is something to count
   */
  readonly missing?: 'good' | 'bad';
}

/** How many of the last periods have to be over the limit. */
export interface Periods {
  readonly period: Duration;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
}

/**
 * Three minutes of the last sixty, and so at least three answers: a single one that fails or is slow, at night perhaps
 * the only one of its minute, wakes nobody. An outage is told of in its third minute with a request, which for a small
 * team are not three in a row; its end, when all but two of them are an hour ago.
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
