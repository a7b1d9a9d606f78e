import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type ConfigurationStore, type PhoneNumber, phoneNumberSid } from './account-configuration';
import { type ConfigurationRepresentation, friendlyNameOf } from './configuration-representation';
import { formIn, take } from './form';
import { resourcePage } from './paging';
import { pathOf } from './request-guard';
import { notFound } from './twilio-errors';

type OfNumber = { Params: { file: string } };

/** The account and its phone numbers, in the oldest of Twilio's APIs, where SIDs end in `.json`. */
export function accountRoutes(
  app: FastifyInstance,
  configuration: ConfigurationStore,
  show: ConfigurationRepresentation,
): void {
  const path = `/Accounts/${show.accountSid}`;
  const numbersPath = `${path}/IncomingPhoneNumbers`;

  app.get(`${path}.json`, async () => show.account(configuration.current));

  app.get(`${numbersPath}.json`, async (request) => {
    const { PhoneNumber: wanted = '', FriendlyName: name } = formIn(request.query);
    const matches = matching(wanted);
    return resourcePage(
      configuration.current.phoneNumbers.filter(
        ({ phoneNumber }) =>
          matches.test(phoneNumber) && (name === undefined || name === friendlyNameOf(phoneNumber)),
      ),
      {
        key: 'incoming_phone_numbers',
        path: pathOf(request),
        query: request.query,
        filters: ['PhoneNumber', 'FriendlyName'],
        represent: (number) => show.phoneNumber(number),
      },
    );
  });

  app.get<OfNumber>(`${numbersPath}/:file`, async (request) => show.phoneNumber(numberOf(request)));

  app.post<OfNumber>(`${numbersPath}/:file`, async (request) => {
    const before = numberOf(request);
    const form = take(request.body, 'SmsUrl', 'SmsApplicationSid');
    const number = {
      ...before,
      smsUrl: form.SmsUrl ?? before.smsUrl,
      smsApplicationSid: form.SmsApplicationSid ?? before.smsApplicationSid,
    };
    configuration.keepPhoneNumber(number);
    return show.phoneNumber(number);
  });

  function numberOf(request: FastifyRequest<OfNumber>): PhoneNumber {
    const number = configuration.current.phoneNumbers.find(
      (one) => `${phoneNumberSid(one)}.json` === request.params.file,
    );
    if (number === undefined) throw notFound(pathOf(request));
    return number;
  }
}

/** Twilio matches any part of a number; `*` is any digit. */
function matching(part: string): RegExp {
  return new RegExp(part.replace(/[^\d*]/g, '').replaceAll('*', '\\d'));
}
