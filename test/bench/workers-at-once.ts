import { setTimeout as pause } from 'node:timers/promises';
import type { Row } from '../../emulators/airtable/base-data';
import type { Bundles } from './bundles';
import { median } from './median';
import { atMost, count, milliseconds, type Result, told } from './result';
import { Service } from './service';

const WORKERS = 1_000;
const CUSTOMERS_EACH = 3;
const WITHIN_MS = 1_000;

/** Every worker opens the list within one second. Client, gateway and functions share one process. */
export async function measure(bundles: Bundles): Promise<Result[]> {
  const service = await Service.start(bundles, { customers: customers() });
  try {
    await service.readBase();
    const answers = await Promise.all(
      Array.from({ length: WORKERS }, async (_, index) => {
        await pause((index * WITHIN_MS) / WORKERS);
        const startedAt = performance.now();
        const Worker = workerOf(index);
        const { status, body } = await service
          .ask('crm', { Location: 'GetCustomersList', Worker, PageSize: '30' })
          .catch((error: unknown) => ({ status: 0, body: String(error) }));
        const hasOwn = body.includes(`Customer ${index} of ${Worker}`);
        return { isRight: status === 200 && hasOwn, time: performance.now() - startedAt };
      }),
    );
    const times = answers.map(({ time }) => time);
    return [
      atMost(
        `of ${WORKERS} workers who open their list within a second see an error`,
        count(answers.filter(({ isRight }) => !isRight).length),
        count(0),
      ),
      told('median', milliseconds(median(times))),
      told('slowest', milliseconds(Math.max(...times))),
    ];
  } finally {
    await service.close();
  }
}

function workerOf(index: number): string {
  return `worker${index}@example.com`;
}

function customers(): Row[] {
  return Array.from({ length: WORKERS * CUSTOMERS_EACH }, (_, index) => {
    const owner = workerOf(index % WORKERS);
    return {
      id: index + 1,
      name: `Customer ${index % WORKERS} of ${owner}, ${index}`,
      sms: `+1212${String(5_550_000 + index)}`,
      owner,
    };
  });
}
