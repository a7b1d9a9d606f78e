import * as v from 'valibot';
import { proxyAddressFor } from './frontline/proxy-address';
import { callbackPipeline } from './middleware/pipeline';
import type { CallbackHandler, RequestContext } from './request/request-context';
import { endpoint, routeByLocation } from './request/router';
import { identity, optionalText, requiredText } from './twilio/parameters';

const Parameters = v.object({
  Worker: identity,
  CustomerId: optionalText,
  ChannelType: requiredText,
  ChannelValue: requiredText,
});

async function getProxyAddress(
  parameters: v.InferOutput<typeof Parameters>,
  { configuration }: RequestContext,
) {
  return { proxy_address: proxyAddressFor(parameters.ChannelType, parameters.ChannelValue, configuration) };
}

export const handler: CallbackHandler = callbackPipeline('outgoing-conversation').handler(
  routeByLocation({ GetProxyAddress: endpoint(Parameters, getProxyAddress) }),
);
