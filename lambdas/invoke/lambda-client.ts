/** The used parts of the Lambda client. A file of its own, loaded lazily, so that bundles omit the rest. */
export { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
