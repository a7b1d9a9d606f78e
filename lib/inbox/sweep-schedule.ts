import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { QueueEvent } from '../../lambdas/inbox/queue/queue-event';
import { SWEEP_MINUTES } from '../../lambdas/inbox/routing/sweep-interval';
import { createSchedule } from '../schedule';
import type { NamedQueue } from './event-queue';

/** Has the inbox look for conversations that it does not know and chats without a worker, every few minutes. */
export class SweepSchedule extends Construct {
  constructor(scope: Construct, id: string, { arn }: NamedQueue) {
    super(scope, id);
    const event: QueueEvent = { kind: 'sweep' };
    createSchedule(this, {
      description: 'Looks for unknown conversations and chats without a worker',
      minutes: SWEEP_MINUTES,
      event,
      arn,
      permission: new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [arn] }),
    });
  }
}
