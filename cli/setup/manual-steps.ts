import type { CallbackName } from '../../lambdas/twilio/callbacks';

/** A field of the Twilio console that no API can set. */
export interface ConsoleField {
  readonly page: string;
  readonly field: string;
  readonly value: string;
}

const CALLBACKS = 'Frontline > Manage > Callbacks';

/** The values to paste by hand, in the order of the console's pages (twilio.md#configuration). */
export function consoleFields(urls: Readonly<Record<CallbackName, string>>): readonly ConsoleField[] {
  return [
    { page: CALLBACKS, field: 'CRM Callback URL', value: urls.crm },
    { page: CALLBACKS, field: 'Outgoing Conversations Callback URL', value: urls['outgoing-conversation'] },
    { page: CALLBACKS, field: 'Templates Callback URL', value: urls.templates },
    { page: 'Frontline > Manage > Routing', field: 'Custom routing, its URL', value: urls.routing },
  ];
}

/** The list as text: a page's name once, then its fields, each value on a line of its own, to be copied whole. */
export function consoleList(fields: readonly ConsoleField[]): string {
  const pages = [...new Set(fields.map(({ page }) => page))];
  return pages
    .map((page) => {
      const lines = fields
        .filter((field) => field.page === page)
        .map(({ field, value }) => `    ${field}\n      ${value}`);
      return [`  ${page}`, ...lines].join('\n');
    })
    .join('\n');
}
