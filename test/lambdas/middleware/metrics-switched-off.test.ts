import { beforeEach, expect, test } from '@jest/globals';
import { setFunctionEnvironment } from '../../../cli/start/function-environment';
import { callbackNamed } from '../../world/five-callbacks';
import { startFive, world } from '../../world/use-world';

beforeEach(() => startFive());

test('npm start writes the log line, but no metrics', async () => {
  const { handler, path, asks } = callbackNamed('crm');
  setFunctionEnvironment(process.env, {
    secret: { url: world.secrets.url, secretArn: world.secrets.arn(world.secretName) },
    dynamoDbUrl: world.database.url,
    lambdaUrl: 'http://127.0.0.1:9',
  });

  const { status, log, metrics } = await world.ask(handler, asks, { path });

  expect(status).toBe(200);
  expect(log).toHaveLength(1);
  expect(metrics).toEqual([]);
});
