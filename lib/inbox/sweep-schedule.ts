import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { QueueEvent } from '../../lambdas/inbox/queue/queue-event';
import type { NamedQueue } from './event-queue';

/** As often as `npm start` does it. */
const SWEEP_MINUTES = 5;

/** Has the inbox look for lost events and chats without a worker, every few minutes. */
export class SweepSchedule extends Construct {
  constructor(scope: Construct, id: string, { arn }: NamedQueue) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [arn] }));
    const event: QueueEvent = { kind: 'sweep' };
    new Schedule(this, 'Schedule', {
      description: 'Looks for lost events and chats without a worker',
      schedule: ScheduleExpression.rate(Duration.minutes(SWEEP_MINUTES)),
      target: {
        bind: () => ({
          arn,
          role,
          input: ScheduleTargetInput.fromObject(event),
          // The next one is minutes away and finds the same.
          retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
        }),
      },
    });
  }
}
