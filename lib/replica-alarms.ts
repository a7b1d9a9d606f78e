import { Duration } from 'aws-cdk-lib';
import { serviceMetric, syncMetric } from './service-metrics';
import { type Periods, type Watch, WITHIN_AN_HOUR, WITHIN_FIVE_MINUTES } from './watch';

/** Failed runs per hour that do not alarm, because they are usual while Airtable is down for some minutes. */
const FAILED_RUNS = 2;
/** An opt-out is ticked in Airtable within minutes, unless Airtable is down or rejects it. */
const LONGEST_WAIT_SECONDS = 3_600;
/** A full pass takes up to 15 minutes, in which other runs publish nothing. */
const LONGEST_SILENCE_MINUTES = 30;

const DOCTOR = '`npm run doctor` says how old the replica is and why';
const RUNS = 'the saved query "runs of sync" shows each run with its error';

/** The alarms of the replica and the opt-outs. */
export function replicaWatches(syncMinutes: number): Watch[] {
  return [...freshness(syncMinutes), ...optOuts(), ...deliveries()];
}

function freshness(syncMinutes: number): Watch[] {
  return [
    {
      name: 'replica-stale',
      metric: syncMetric('replicaAgeSeconds', 'Maximum'),
      when: throughout(syncMinutes),
      // One run may fail.
      atMost: syncMinutes * 60,
      missing: 'bad',
      meaning: `Workers see old data: no run of sync has brought changes from Airtable for half an hour or longer, or none has run. STOP and START still count at once. ${capital(RUNS)}; ${DOCTOR}. Usual causes: Airtable is down (wait), its token expired (replace AIRTABLE_API_KEY in the secret), the month's calls are used up, or the schedule was switched off (EventBridge > Schedules).`,
    },
    {
      name: 'sync-fails',
      metric: syncMetric('syncFailures', 'Sum'),
      when: WITHIN_AN_HOUR,
      atMost: FAILED_RUNS,
      meaning: `Three or more runs of sync failed within an hour. Callbacks go on with the replica as it is, which becomes old. ${capital(RUNS)}; ${DOCTOR}, and what to do.`,
    },
    {
      name: 'required-columns-missing',
      metric: syncMetric('requiredColumnsMissing', 'Sum'),
      when: WITHIN_FIVE_MINUTES,
      atMost: 0,
      meaning:
        'A column of the Customers table that the replica cannot do without is missing: opt_out, sms, whatsapp, owner or name. It was renamed or deleted. To keep the opt-outs in force, sync takes nothing over until the column is there again. `npm run doctor` names the column: give it its name back in Airtable.',
    },
    {
      name: 'replica-repairs',
      metric: syncMetric('replicaRepairs', 'Sum'),
      when: WITHIN_FIVE_MINUTES,
      atMost: 0,
      meaning:
        'The nightly pass found customers in Airtable that differ from the replica although no notification told of the change. They are right now. If this repeats, changes come up to a day late: `npm run doctor` checks the webhook, and the saved query "runs of sync" shows how many customers each pass repaired. Please report it, because this must not happen.',
    },
  ];
}

function optOuts(): Watch[] {
  return [
    {
      name: 'opt-out-waits',
      metric: syncMetric('waitingOptOutSeconds', 'Maximum'),
      when: WITHIN_FIVE_MINUTES,
      atMost: LONGEST_WAIT_SECONDS,
      meaning:
        "A customer's opt-out has waited for more than an hour to be ticked in Airtable. It is in force: no message to the customer goes out. But the base does not show it, and other tools that read the base do not know. `npm run doctor` names the customers and Airtable's reason, such as a token without write permission or a column opt_out that is calculated: correct that, and the next run ticks it.",
    },
    {
      name: 'opt-out-not-kept',
      metric: serviceMetric('optOutsNotKept'),
      when: WITHIN_FIVE_MINUTES,
      atMost: 0,
      meaning:
        "A customer's STOP could not be recorded, because DynamoDB did not respond until the deadline. Messages to this customer can still go out: act now. `npm run logs -- --errors` names the conversation and the message; open the conversation in the Twilio console, find the customer in Airtable by the number, and tick opt_out.",
    },
    {
      name: 'opt-out-without-customer',
      metric: serviceMetric('optOutsWithoutCustomer'),
      when: WITHIN_FIVE_MINUTES,
      atMost: 0,
      meaning:
        'STOP came from a number that no customer in Airtable has. The opt-out is kept and in force, also for a customer who gets this number later. `npm run opt-outs -- list` shows the number: if it belongs to a customer whose cell is blank or mistyped, correct the cell, so that the base shows the opt-out too.',
    },
  ];
}

function deliveries(): Watch[] {
  return [
    {
      name: 'whatsapp-template-rejected',
      metric: serviceMetric('messagesOutsideWindow'),
      when: WITHIN_FIVE_MINUTES,
      atMost: 0,
      meaning:
        'WhatsApp rejected a message (Twilio error 63016), because the customer last wrote more than 24 hours ago and the text is not exactly an approved template. The customer did not get it. `npm run logs -- --errors` names the conversation; `npm run doctor` compares the Templates table with what WhatsApp approved.',
    },
  ];
}

/** Half an hour or three runs, whichever is longer, without a good value. */
function throughout(syncMinutes: number): Periods {
  const minutes = Math.max(5, syncMinutes);
  const evaluationPeriods = Math.max(3, Math.ceil(LONGEST_SILENCE_MINUTES / minutes));
  return {
    period: Duration.minutes(minutes),
    evaluationPeriods,
    datapointsToAlarm: evaluationPeriods,
  };
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
