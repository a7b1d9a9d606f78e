import * as v from 'valibot';
import { callbackChain } from './callback/callback-chain';
import type { Callback, CallbackHandler } from './callback/callback-context';
import { answerByLocation, question } from './callback/question';
import { identity, optionalText, requiredText } from './frontline/parameters';
import { proxyAddressFor } from './frontline/proxy-address';

const Parameters = v.object({
  Worker: identity,
  CustomerId: optionalText,
  ChannelType: requiredText,
  ChannelValue: requiredText,
});

async function getProxyAddress(parameters: v.InferOutput<typeof Parameters>, { configuration }: Callback) {
  return { proxy_address: proxyAddressFor(parameters.ChannelType, parameters.ChannelValue, configuration) };
}

export const handler: CallbackHandler = callbackChain('outgoing-conversation').handler(
  answerByLocation({ GetProxyAddress: question(Parameters, getProxyAddress) }),
);
