import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { QueueEvent } from '../../lambdas/inbox/queue/queue-event';
import { createSchedule } from '../schedule';
import type { NamedQueue } from './event-queue';

/** As often as `npm start` does it. */
const SWEEP_MINUTES = 5;

/** Has the inbox look for lost events and chats without a worker, every few minutes. */
export class SweepSchedule extends Construct {
  constructor(scope: Construct, id: string, { arn }: NamedQueue) {
    super(scope, id);
    const event: QueueEvent = { kind: 'sweep' };
    createSchedule(this, {
      description: 'Looks for lost events and chats without a worker',
      minutes: SWEEP_MINUTES,
      event,
      arn,
      permission: new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [arn] }),
    });
  }
}
