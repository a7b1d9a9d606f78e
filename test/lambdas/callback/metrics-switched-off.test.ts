import { afterAll, expect, test } from '@jest/globals';
import { setFunctionEnvironment } from '../../../local/start/function-environment';
import { callbackNamed, startWorldForFive } from '../../world/five-callbacks';
import { closeWorlds } from '../../world/world';

afterAll(closeWorlds);

test('with npm start, no metrics are written, and the log line is', async () => {
  const { handler, path, asks } = callbackNamed('crm');
  const world = await startWorldForFive();
  setFunctionEnvironment(process.env, {
    url: world.secrets.url,
    secretArn: world.secrets.arn(world.secretName),
  });

  const { status, log, metrics } = await world.ask(handler, asks, { path });

  expect(status).toBe(200);
  expect(log).toHaveLength(1);
  expect(metrics).toEqual([]);
  await world.close();
});
