import { beforeEach, expect, test } from '@jest/globals';
import { callbackNamed } from '../../world/five-callbacks';
import { serviceMetrics } from '../../world/metrics';
import { startFive, world } from '../../world/use-world';

beforeEach(() => startFive());

// One test per file: the handlers that a file loads start once, as in a container.
test('a cold start is reported once by each function, in the log line and as a metric', async () => {
  for (const name of ['crm', 'templates'] as const) {
    const { handler, path, asks } = callbackNamed(name);
    const first = await world.ask(handler, asks, { path });
    const second = await world.ask(handler, asks, { path });

    expect(first.log).toMatchObject([{ callback: name, coldStart: true }]);
    expect(serviceMetrics(first)).toMatchObject({ ColdStarts: 1 });
    expect(second.log).toEqual([expect.not.objectContaining({ coldStart: expect.anything() })]);
    expect(serviceMetrics(second)).not.toHaveProperty('ColdStarts');
  }
});
