import { Aws, Duration } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';

export interface ScheduleProps {
  readonly description: string;
  readonly minutes: number;
  readonly event: object;
  /** The ARN of the function or queue that the event is sent to. */
  readonly arn: string;
  /** The permission to do so. */
  readonly permission: PolicyStatement;
}

/** Sends an event every few minutes. */
export function createSchedule(
  scope: Construct,
  { description, minutes, event, arn, permission }: ScheduleProps,
): void {
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  });
  role.addToPolicy(permission);
  new Schedule(scope, 'Schedule', {
    description,
    schedule: ScheduleExpression.rate(Duration.minutes(minutes)),
    target: {
      // CDK's own target for a function grants every version and alias of it by a wildcard.
      bind: () => ({
        arn,
        role,
        input: ScheduleTargetInput.fromObject(event),
        // The next event is minutes away and does the rest.
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      }),
    },
  });
}
