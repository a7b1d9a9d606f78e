import { Aws, Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { SyncEvent } from '../lambdas/sync/sync-event';
import { invocationOf, type ServiceFunction } from './service-function';

export interface SyncScheduleProps {
  readonly sync: ServiceFunction;
  /** 1 to 60. */
  readonly minutes: number;
}

/** Starts a run of sync every few minutes. Each run determines by itself what is due. */
export class SyncSchedule extends Construct {
  constructor(scope: Construct, id: string, { sync, minutes }: SyncScheduleProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    role.addToPolicy(invocationOf(sync.functionArn));
    const event: SyncEvent = { run: 'schedule' };
    new Schedule(this, 'Schedule', {
      description: 'Brings changes in the Airtable base to the replica, and opt-outs to the base',
      schedule: ScheduleExpression.rate(Duration.minutes(minutes)),
      target: {
        // CDK's own target for a function grants every version and alias of it by a wildcard.
        bind: () => ({
          arn: sync.functionArn,
          role,
          input: ScheduleTargetInput.fromObject(event),
          // The next run is minutes away and does the rest.
          retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
        }),
      },
    });
  }
}
