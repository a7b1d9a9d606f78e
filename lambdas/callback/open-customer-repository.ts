import { AirtableCustomerRepository } from '../airtable/airtable-customer-repository';
import type { Configuration } from '../configuration/configuration';
import type { Credentials } from '../credentials/credentials';
import type { CustomerRepository } from '../customers/customer-repository';
import type { Errand } from '../http-client/send';

/** The customer directory as this request may use it. The one place that knows which one there is. */
export function openCustomerRepository(
  request: Errand & { readonly configuration: Configuration; readonly credentials: Credentials },
): CustomerRepository {
  const { configuration, credentials, deadline, journal } = request;
  return new AirtableCustomerRepository(
    {
      url: configuration.airtableUrl,
      baseId: configuration.airtableBaseId,
      apiKey: credentials.airtableApiKey,
      templatesView: configuration.templatesView,
      defaultCountry: configuration.defaultCountry,
    },
    { deadline, journal },
  );
}
