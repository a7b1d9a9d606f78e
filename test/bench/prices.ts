/** AWS's published prices for us-east-1 (2026), in dollars, without the free tiers. */
export const PRICE = {
  lambdaGigabyteSecond: 0.0000133334,
  lambdaRequest: 0.2e-6,
  httpApiRequest: 1e-6,
  webSocketMessage: 1e-6,
  webSocketMinute: 0.25e-6,
  queueRequest: 0.4e-6,
  logGigabyte: 0.5,
  logGigabyteKept: 0.03,
  customMetric: 0.3,
  alarm: 0.1,
  dashboard: 3,
  secret: 0.4,
  secretRequest: 0.05 / 10_000,
  dynamoReadUnit: 0.125e-6,
  dynamoWriteUnit: 0.625e-6,
  dynamoGigabyte: 0.25,
  dynamoGigabyteRecoverable: 0.2,
  schedule: 1e-6,
  bucketGigabyte: 0.023,
  siteGigabyte: 0.085,
  siteRequest: 1e-6,
  /** A run of a CloudFront Function. */
  siteFunction: 0.1e-6,
  /** A worker who signs in at least once a month, in Cognito's Lite plan. Up to 10,000 are free for good. */
  signedInWorker: 0.0055,
};
