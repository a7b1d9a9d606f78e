import { ArnFormat, Aws, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { INBOX_STACK_VARIABLES } from '../../lambdas/inbox/inbox-configuration';
import { MAX_ATTEMPTS } from '../../lambdas/inbox/queue/attempts';
import { FUNCTION_TIMEOUTS_MS } from '../function-timeouts';
import { inboxDeadLetterQueueName, inboxQueueName } from '../stack-names';

/** A queue by its name, so that another stack needs no reference to it. */
export interface NamedQueue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
}

/** The queue of a stack with this name, in the account and region of `stack`. */
export function queueNamed(stack: Stack, name: string): NamedQueue {
  const arn = stack.formatArn({
    service: 'sqs',
    resource: name,
    arnFormat: ArnFormat.NO_RESOURCE_NAME,
  });
  return { name, arn, url: `https://sqs.${Aws.REGION}.${Aws.URL_SUFFIX}/${Aws.ACCOUNT_ID}/${name}` };
}

/** The permission to put events on exactly this queue. */
export function grantEnqueue(user: LambdaFunction, { arn, url }: NamedQueue): void {
  user.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [arn] }));
  user.addEnvironment(INBOX_STACK_VARIABLES.queueUrl, url);
}

/**
 * The events of Twilio that the inbox's index is made of: SIDs and states, no texts, names or addresses. The names are
 * fixed, so that the inbox's stack finds the queues without a reference. SQS frees a name a minute after the queue is
 * deleted.
 */
export class EventQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { stackName } = Stack.of(this);
    const failed = new Queue(this, 'Failed', {
      queueName: inboxDeadLetterQueueName(stackName),
      ...SAFE,
      // SQS's maximum: time to repair the cause and move the events back (docs/runbook.md#inbox-events-failed).
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Events', {
      queueName: inboxQueueName(stackName),
      ...SAFE,
      // Six times the function's own, as AWS advises, so that no event is handed out again while it is handled.
      visibilityTimeout: Duration.millis(6 * FUNCTION_TIMEOUTS_MS['inbox-events']),
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: failed, maxReceiveCount: MAX_ATTEMPTS },
    });
  }
}

/** SQS's own key costs nothing and needs no grant. Plain HTTP is rejected. */
const SAFE = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true } as const;
