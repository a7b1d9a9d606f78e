import { json } from '../core/http-response';
import type { AddressConfiguration, ConfigurationStore } from './account-configuration';
import { changedAddress, channelOf, newAddress } from './address-rules';
import type { ConfigurationRepresentation } from './configuration-routes';
import { formOf } from './form';
import { page } from './paging';
import { NO_CONTENT, type RestCall, type RestRoutes } from './rest-call';
import type { SidSource } from './sids';
import { notFound } from './twilio-errors';

interface Addresses {
  readonly configuration: ConfigurationStore;
  readonly ourNumbers: readonly string[];
  readonly sids: SidSource;
  readonly show: ConfigurationRepresentation;
}

/** Address configurations: what a first message to one of our numbers triggers (twilio.md#configuration). */
export function addressRoutes({ configuration, ourNumbers, sids, show }: Addresses): RestRoutes {
  const path = '/Configuration/Addresses';
  const addressOf = (call: RestCall): AddressConfiguration => {
    const address = configuration.address(call.param('address'));
    if (address === undefined) throw notFound(call.path);
    return address;
  };

  return {
    [`GET ${path}`]: (call) => {
      const { Type: type } = formOf(call.query);
      const { addresses } = configuration.current;
      const found = addresses.filter(({ address }) => type === undefined || channelOf(address) === type);
      return page(found, {
        key: 'address_configurations',
        url: `${call.base}${path}`,
        query: call.query,
        filters: ['Type'],
        maxPageSize: 50,
        represent: (address) => show.address(address, call.base),
      });
    },

    [`POST ${path}`]: (call) => {
      const address = newAddress(call.form, sids.next('IG'), configuration, ourNumbers);
      configuration.keepAddress(address);
      return json(show.address(address, call.base), 201);
    },

    [`GET ${path}/:address`]: (call) => json(show.address(addressOf(call), call.base)),

    [`POST ${path}/:address`]: (call) => {
      const address = changedAddress(addressOf(call), call.form, configuration);
      configuration.keepAddress(address);
      return json(show.address(address, call.base));
    },

    [`DELETE ${path}/:address`]: (call) => {
      configuration.removeAddress(addressOf(call).sid);
      return NO_CONTENT;
    },
  };
}
