import { AirtableCustomerDirectory } from '../airtable/airtable-customer-directory';
import type { Configuration } from '../configuration/configuration';
import type { Credentials } from '../credentials/credentials';
import type { CustomerDirectory } from '../customer-directory/customer-directory';
import type { Errand } from '../http-client/send';

/** The customer directory as this request may use it. The one place that knows which one there is. */
export function openCustomerDirectory(
  request: Errand & { readonly configuration: Configuration; readonly credentials: Credentials },
): CustomerDirectory {
  const { configuration, credentials, deadline, journal } = request;
  return new AirtableCustomerDirectory(
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
