import { type Command, InvalidArgumentError } from 'commander';
import * as v from 'valibot';
import { abortable } from '../../lambdas/http-client/deadline';
import { withDotEnv } from '../../lib/deployment-configuration';
import { emailAddress } from '../../lib/settings-schema';
import { approvalFor } from '../plan/apply';
import { ConsoleOutput } from '../terminal/console-output';
import { DRY_RUN, parseText, YES } from './shared-options';

interface InviteOptions {
  readonly name?: string;
  readonly identity?: string;
  readonly resend?: boolean;
  readonly showPassword?: boolean;
}

interface ForgetOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

export function addInboxCommand(program: Command, signal: AbortSignal): void {
  const inbox = program
    .command('inbox')
    .summary("the inbox's workers, and a customer's right to be forgotten")
    .description(
      "Invites and removes workers of the deployed inbox, and permanently deletes a customer's chats.",
    );
  addInvite(inbox);
  addRemove(inbox, signal);
  addForget(inbox, signal);
  inbox
    .command('list')
    .description('Lists the workers with their state and open chats.')
    .option('--json', 'print JSON')
    .action(async ({ json = false }: { readonly json?: boolean }) => {
      const { openDeployedInbox } = await import('../inbox/deployed-inbox');
      const { showWorkers } = await import('../inbox/workers/list-workers');
      await showWorkers(
        await openDeployedInbox(),
        new ConsoleOutput(process.stdout),
        json ? 'json' : 'table',
      );
    });
}

function addInvite(inbox: Command): void {
  inbox
    .command('invite')
    .argument('<email>', 'the address with which the worker signs in', parseEmail)
    .description(
      'Lets a worker sign in, and sends an invitation with a temporary password. Completes an invitation that was ' +
        'interrupted, and brings a removed worker back.',
    )
    .option('--name <name>', 'shown to colleagues; by default made from the address', parseText)
    .option(
      '--identity <identity>',
      "exactly as in the customers' owner column and in Frontline; by default the address as typed",
      parseText,
    )
    .option('--resend', 'send the invitation again, with a new temporary password')
    .option('--show-password', 'show a temporary password, and send no e-mail')
    .action(
      async (email: string, { name, identity, resend = false, showPassword = false }: InviteOptions) => {
        const { openDeployedInbox } = await import('../inbox/deployed-inbox');
        const { inviteWorker } = await import('../inbox/workers/invite-worker');
        const { deployedOwners } = await import('../inbox/workers/deployed-owners');
        const environment = withDotEnv(process.cwd(), process.env);
        process.exitCode = await inviteWorker(
          {
            email,
            name: name ?? null,
            identity: identity ?? null,
            delivery: showPassword ? 'show-password' : resend ? 'resend' : 'email-if-new',
          },
          {
            inbox: await openDeployedInbox(),
            screen: new ConsoleOutput(process.stdout),
            owners: () => deployedOwners(environment),
          },
        );
      },
    );
}

function addRemove(group: Command, signal: AbortSignal): void {
  group
    .command('remove')
    .argument('<email>', "the worker's address or identity", parseText)
    .description(
      'Ends all access of a worker at once, and gives the open chats to colleagues. Completes a removal that was ' +
        'interrupted.',
    )
    .option(...YES)
    .action(async (worker: string, { yes = false }: { readonly yes?: boolean }) => {
      const approval = approvalFor({ yes, dryRun: false }, signal, 'no');
      const { openDeployedInbox } = await import('../inbox/deployed-inbox');
      const { removeWorker } = await import('../inbox/workers/remove-worker');
      const { countOpenAt, twilioChats } = await import('../inbox/twilio-chats');
      const inbox = await openDeployedInbox();
      // In the function, because access can be ended without the settings.
      const countOpen = async (identity: string) =>
        countOpenAt(twilioChats(withDotEnv(process.cwd(), process.env)), identity);
      const remove = () =>
        removeWorker({
          worker,
          inbox,
          countOpen,
          screen: new ConsoleOutput(process.stdout),
          approval,
          signal,
        });
      process.exitCode = await abortable(signal, remove);
    });
}

function addForget(group: Command, signal: AbortSignal): void {
  group
    .command('forget')
    .argument('<address>', 'a number such as +14155550123, in any spelling, or a WhatsApp user id', parseText)
    .description(
      'Deletes all conversations with an address, at Twilio and in the inbox, with messages and files, permanently. Shows ' +
        'them first, and names what is kept.',
    )
    .option(...YES)
    .option(...DRY_RUN)
    .action(async (address: string, { yes = false, dryRun = false }: ForgetOptions) => {
      const approval = approvalFor({ yes, dryRun }, signal, 'no');
      const { openInboxData } = await import('../inbox/deployed-inbox');
      const { forgetAddress } = await import('../inbox/privacy/forget-address');
      const { knownCustomers } = await import('../inbox/privacy/known-customers');
      const { twilioChats } = await import('../inbox/twilio-chats');
      const { readSettings } = await import('../settings/settings');
      const environment = withDotEnv(process.cwd(), process.env);
      const twilio = twilioChats(environment);
      const inbox = await openInboxData(readSettings(environment));
      const forget = () =>
        forgetAddress({
          address,
          country: twilio.request().configuration.defaultCountry,
          inbox,
          twilio,
          customers: (known) => knownCustomers(known, environment),
          screen: new ConsoleOutput(process.stdout),
          approval,
        });
      // Interrupted, it is completed by doing it again.
      process.exitCode = await abortable(signal, forget);
    });
}

/** Cognito's user names have 128 characters at most. */
const Email = v.pipe(v.string(), v.trim(), emailAddress, v.maxLength(128));

/** @throws {InvalidArgumentError} */
function parseEmail(text: string): string {
  const email = v.safeParse(Email, text);
  if (!email.success) throw new InvalidArgumentError('It is not an e-mail address, such as ana@example.com.');
  return email.output;
}
