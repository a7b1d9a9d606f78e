/** The used parts of the client. A file of its own, loaded lazily, so that bundles omit the rest. */
export { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
