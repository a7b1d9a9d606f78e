import { type HttpApi, HttpStage, type ThrottleSettings } from 'aws-cdk-lib/aws-apigatewayv2';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { accessLogSettings } from './api-access-log';

/** Requests per second: sustained, and in a burst. */
export interface Throttle {
  readonly rate: number;
  readonly burst: number;
}

export interface DefaultStageProps {
  readonly httpApi: HttpApi;
  readonly throttle: Throttle;
  readonly accessLogs: LogGroup;
}

/** The only stage of an HTTP API, whose name is not a part of its URLs. */
export function createDefaultStage(
  scope: Construct,
  { httpApi, throttle, accessLogs }: DefaultStageProps,
): HttpStage {
  return new HttpStage(scope, 'DefaultStage', {
    httpApi,
    autoDeploy: true,
    throttle: throttleSettings(throttle),
    accessLogSettings: accessLogSettings(accessLogs),
  });
}

export function throttleSettings({ rate, burst }: Throttle): ThrottleSettings {
  return { rateLimit: rate, burstLimit: burst };
}
