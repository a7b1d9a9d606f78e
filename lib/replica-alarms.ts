import { Duration } from 'aws-cdk-lib';
import { type AlarmDefinition, type Periods, WITHIN_AN_HOUR, WITHIN_FIVE_MINUTES } from './alarm-definition';
import { serviceMetric, syncMetric } from './service-metrics';

/** Failed runs per hour that do not alarm, because they are usual while Airtable is down for some minutes. */
const FAILED_RUNS = 2;
/** An opt-out is ticked in Airtable within minutes, unless Airtable is down or rejects it. */
const MAX_WAIT_SECONDS = 3_600;
/** A full pass takes up to 15 minutes, in which other runs publish nothing. */
const MAX_SILENCE_MINUTES = 30;

const DOCTOR = '`npx frontline doctor` shows the age of the replica, the cause and the fix';
const RUNS = 'the saved query "runs of sync" shows each run with its error';

/** The alarms of the replica and the opt-outs. */
export function replicaAlarms(syncMinutes: number): AlarmDefinition[] {
  return [...freshness(syncMinutes), ...optOuts(), ...deliveries()];
}

function freshness(syncMinutes: number): AlarmDefinition[] {
  return [
    {
      name: 'replica-stale',
      metric: syncMetric('replicaAgeSeconds', 'Maximum'),
      when: throughout(syncMinutes),
      // One run may fail.
      atMost: syncMinutes * 60,
      missing: 'bad',
      meaning: `Workers see old data: no run of sync has read changes from Airtable for half an hour or longer. STOP and START still take effect at once. ${capital(RUNS)}; ${DOCTOR}. Usual causes: Airtable is down (wait), its token expired (replace AIRTABLE_API_KEY in the secret), the month's calls are used up, or the schedule was switched off (EventBridge > Schedules).`,
    },
    {
      name: 'sync-fails',
      metric: syncMetric('syncFailures', 'Sum'),
      when: WITHIN_AN_HOUR,
      atMost: FAILED_RUNS,
      meaning: `Three or more runs of sync failed within an hour. Callbacks continue with the replica as it is, which grows old. ${capital(RUNS)}; ${DOCTOR}.`,
    },
    {
      name: 'required-columns-missing',
      metric: syncMetric('requiredColumnsMissing', 'Sum'),
      when: WITHIN_FIVE_MINUTES,
      atMost: 0,
      meaning:
        'A required column of the Customers table is missing, because it was renamed or deleted: opt_out, sms, whatsapp, owner or name. To keep opt-outs in force, sync stops until the column exists again. `npx frontline doctor` names the column: restore its name in Airtable.',
    },
    {
      name: 'replica-repairs',
      metric: syncMetric('replicaRepairs', 'Sum'),
      when: WITHIN_FIVE_MINUTES,
      atMost: 0,
      meaning:
        'The nightly pass corrected customers in the replica whose changes no notification had reported. If this repeats, changes arrive up to a day late: `npx frontline doctor` checks the webhook, and the saved query "runs of sync" shows how many customers each pass corrected. Please report it, because this must not happen.',
    },
  ];
}

function optOuts(): AlarmDefinition[] {
  return [
    {
      name: 'opt-out-waits',
      metric: syncMetric('waitingOptOutSeconds', 'Maximum'),
      when: WITHIN_FIVE_MINUTES,
      atMost: MAX_WAIT_SECONDS,
      meaning:
        "A customer's opt-out has waited for more than an hour to be ticked in Airtable. It is in force: no message to the customer goes out. But the base does not show it to other tools. `npx frontline doctor` names the customers and Airtable's reason, such as a token without write permission or a calculated column opt_out: fix it, and the next run ticks the cell.",
    },
    {
      name: 'opt-out-not-kept',
      metric: serviceMetric('optOutsNotKept'),
      when: WITHIN_FIVE_MINUTES,
      atMost: 0,
      meaning:
        "A customer's STOP could not be recorded, because DynamoDB did not respond until the deadline. Messages to this customer can still go out: act now. `npx frontline logs --errors` names the conversation and the message; open the conversation in the Twilio console, find the customer in Airtable by the number, and tick opt_out.",
    },
    {
      name: 'opt-out-without-customer',
      metric: serviceMetric('optOutsWithoutCustomer'),
      when: WITHIN_FIVE_MINUTES,
      atMost: 0,
      meaning:
        'STOP was received from a number that no customer in Airtable has. The opt-out is recorded and in force, also for a customer who gets this number later. `npx frontline opt-outs list` shows the number: if it belongs to a customer whose cell is blank or mistyped, correct the cell, so that the base shows the opt-out too.',
    },
  ];
}

function deliveries(): AlarmDefinition[] {
  return [
    {
      name: 'whatsapp-template-rejected',
      metric: serviceMetric('messagesOutsideWindow'),
      when: WITHIN_FIVE_MINUTES,
      atMost: 0,
      meaning:
        'WhatsApp rejected a message (Twilio error 63016), because the customer last wrote more than 24 hours ago and the text is not exactly an approved template. The customer did not get it. `npx frontline logs --errors` names the conversation; `npx frontline doctor` compares the Templates table with what WhatsApp approved.',
    },
  ];
}

/** Half an hour or three runs, whichever is longer, without a good value. */
function throughout(syncMinutes: number): Periods {
  const minutes = Math.max(5, syncMinutes);
  const evaluationPeriods = Math.max(3, Math.ceil(MAX_SILENCE_MINUTES / minutes));
  return {
    period: Duration.minutes(minutes),
    evaluationPeriods,
    datapointsToAlarm: evaluationPeriods,
  };
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
