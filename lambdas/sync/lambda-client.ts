/** The parts of the Lambda client that are used. Loaded lazily as a file of its own, so that the rest is left out of bundles. */
export { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
