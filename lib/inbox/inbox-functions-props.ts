import { Duration } from 'aws-cdk-lib';
import { INBOX_REQUEST_MS } from '../../lambdas/inbox/http/start-inbox-deadline';

/** The settings of the function behind the inbox's HTTP API. */
export const INBOX_API = {
  serviceName: 'inbox-api',
  description: "Handles the requests of the workers' inbox",
  // A second later than its own deadline, so as not to cut off a response.
  timeout: Duration.millis(INBOX_REQUEST_MS + 1_000),
  // As the callbacks: a worker waits for a cold start, whose length is CPU.
  memoryMegabytes: 1_024,
  eventAge: null,
} as const;

/** The settings of the function that takes events from the queue. */
export const INBOX_EVENTS = {
  serviceName: 'inbox-events',
  description: "Takes events of Twilio into the inbox's index and tells the workers",
  // An event asks Twilio a few questions; a page of a first index asks one for each of its chats.
  timeout: Duration.seconds(30),
  memoryMegabytes: 512,
  eventAge: null,
} as const;

/** The settings of the function behind the WebSocket API. */
export const INBOX_LIVE = {
  serviceName: 'inbox-live',
  description: 'Lets workers connect to the live socket',
  // A second later than its own deadline of 5 s.
  timeout: Duration.seconds(6),
  // Three requests to DynamoDB. A connection is made again in the background, so a cold start may take a second.
  memoryMegabytes: 512,
  eventAge: null,
} as const;
