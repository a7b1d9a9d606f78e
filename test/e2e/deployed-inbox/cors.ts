import * as v from 'valibot';
import type { MiniStack } from '../ministack';

const Apis = v.object({
  items: v.array(
    v.object({
      apiId: v.string(),
      corsConfiguration: v.optional(
        v.record(v.string(), v.union([v.array(v.string()), v.number(), v.boolean()])),
      ),
    }),
  ),
});

/**
 * Has MiniStack obey the CORS settings of the template, which its CloudFormation stores under names that its API Gateway
 * does not read.
 */
export async function applyCors(cloud: MiniStack): Promise<void> {
  const { items } = v.parse(Apis, JSON.parse(await cloud.request('apigateway', '/v2/apis')));
  for (const { apiId, corsConfiguration } of items) {
    if (corsConfiguration === undefined) continue;
    const named = Object.entries(corsConfiguration).map(([name, value]) => [
      `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      value,
    ]);
    await cloud.request('apigateway', `/v2/apis/${apiId}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ corsConfiguration: Object.fromEntries(named) }),
    });
  }
}
