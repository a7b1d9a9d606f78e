import { json } from '../core/http-response';
import { type ConfigurationStore, type PhoneNumber, phoneNumberSid } from './account-configuration';
import { type ConfigurationRepresentation, friendlyNameOf } from './configuration-routes';
import { formOf, take } from './form';
import { resourcePage } from './paging';
import type { RestCall, RestRoutes } from './rest-call';
import { notFound } from './twilio-errors';

/** The account and its phone numbers, in the oldest of Twilio's APIs, where SIDs end in `.json`. */
export function accountRoutes(
  configuration: ConfigurationStore,
  show: ConfigurationRepresentation,
): RestRoutes {
  const path = `/Accounts/${show.accountSid}`;
  const numbersPath = `${path}/IncomingPhoneNumbers`;
  const numberOf = (call: RestCall): PhoneNumber => {
    const { phoneNumbers } = configuration.current;
    const number = phoneNumbers.find((one) => `${phoneNumberSid(one)}.json` === call.param('file'));
    if (number === undefined) throw notFound(call.path);
    return number;
  };

  return {
    [`GET ${path}.json`]: () => json(show.account(configuration.current)),

    [`GET ${numbersPath}.json`]: (call) => {
      const { PhoneNumber: wanted = '', FriendlyName: name } = formOf(call.query);
      const matches = matching(wanted);
      const found = configuration.current.phoneNumbers.filter(
        ({ phoneNumber }) =>
          matches.test(phoneNumber) && (name === undefined || name === friendlyNameOf(phoneNumber)),
      );
      return resourcePage(found, {
        key: 'incoming_phone_numbers',
        path: call.path,
        query: call.query,
        filters: ['PhoneNumber', 'FriendlyName'],
        represent: (number) => show.phoneNumber(number),
      });
    },

    [`GET ${numbersPath}/:file`]: (call) => json(show.phoneNumber(numberOf(call))),

    [`POST ${numbersPath}/:file`]: (call) => {
      const before = numberOf(call);
      const form = take(call.form, 'SmsUrl', 'SmsApplicationSid');
      const number = {
        ...before,
        smsUrl: form.SmsUrl ?? before.smsUrl,
        smsApplicationSid: form.SmsApplicationSid ?? before.smsApplicationSid,
      };
      configuration.keepPhoneNumber(number);
      return json(show.phoneNumber(number));
    },
  };
}

/** Twilio matches any part of a number; `*` is any digit. */
function matching(part: string): RegExp {
  return new RegExp(part.replace(/[^\d*]/g, '').replaceAll('*', '\\d'));
}
