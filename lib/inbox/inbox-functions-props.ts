/** The settings of the function behind the inbox's HTTP API. */
export const INBOX_API = {
  serviceName: 'inbox-api',
  description: "Handles the requests of the workers' inbox",
  // As the callbacks: a worker waits for a cold start, whose length is CPU.
  memoryMegabytes: 1_024,
  eventAge: null,
} as const;

/** The settings of the function that takes events from the queue. */
export const INBOX_EVENTS = {
  serviceName: 'inbox-events',
  description: "Takes events of Twilio into the inbox's index and tells the workers",
  memoryMegabytes: 512,
  eventAge: null,
} as const;

/** The settings of the function behind the WebSocket API. */
export const INBOX_LIVE = {
  serviceName: 'inbox-live',
  description: 'Lets workers connect to the live socket',
  // Three requests to DynamoDB. A connection is made again in the background, so a cold start may take a second.
  memoryMegabytes: 512,
  eventAge: null,
} as const;
