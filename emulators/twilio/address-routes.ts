import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AddressConfiguration, ConfigurationStore } from './account-configuration';
import { changedAddress, newAddress } from './address-rules';
import type { ConfigurationRepresentation } from './configuration-representation';
import { baseOf } from './conversation-routes';
import { formIn } from './form';
import { channelOf } from './messaging-binding';
import { page } from './paging';
import { pathOf } from './request-guard';
import type { SidSource } from './sids';
import { notFound } from './twilio-errors';

type OfAddress = { Params: { key: string } };

interface Addresses {
  readonly configuration: ConfigurationStore;
  readonly ourNumbers: readonly string[];
  readonly sids: SidSource;
  readonly show: ConfigurationRepresentation;
}

/** Address configurations: what a first message to one of our numbers triggers (twilio.md#configuration). */
export function addressRoutes(
  app: FastifyInstance,
  { configuration, ourNumbers, sids, show }: Addresses,
): void {
  app.get('/Configuration/Addresses', async (request) => {
    const { Type: type } = formIn(request.query);
    return page(
      configuration.current.addresses.filter(
        ({ address }) => type === undefined || channelOf(address) === type,
      ),
      {
        key: 'address_configurations',
        url: `${baseOf(request)}/Configuration/Addresses`,
        query: request.query,
        filters: ['Type'],
        maxPageSize: 50,
        represent: (address) => show.address(address, baseOf(request)),
      },
    );
  });

  app.post('/Configuration/Addresses', async (request, reply) => {
    const address = newAddress(request.body, sids.next('IG'), configuration, ourNumbers);
    configuration.keepAddress(address);
    return reply.code(201).send(show.address(address, baseOf(request)));
  });

  app.get<OfAddress>('/Configuration/Addresses/:key', async (request) =>
    show.address(addressOf(request), baseOf(request)),
  );

  app.post<OfAddress>('/Configuration/Addresses/:key', async (request) => {
    const address = changedAddress(addressOf(request), request.body, configuration);
    configuration.keepAddress(address);
    return show.address(address, baseOf(request));
  });

  app.delete<OfAddress>('/Configuration/Addresses/:key', async (request, reply) => {
    configuration.removeAddress(addressOf(request).sid);
    return reply.code(204).send();
  });

  function addressOf(request: FastifyRequest<OfAddress>): AddressConfiguration {
    const address = configuration.address(request.params.key);
    if (address === undefined) throw notFound(pathOf(request));
    return address;
  }
}
