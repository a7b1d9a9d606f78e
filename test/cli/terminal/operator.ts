import { Command, type CommandResult } from '../start/child-process';

/** Runs a command, in this folder, without an AWS account or a terminal. */
export function runCommandIn(
  folder: string,
  [name = '', ...words]: readonly string[],
  begun: (interrupt: () => void) => void = () => {},
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const variables = {
    HOME: folder,
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const command = new Command(name, words, {
    directory: folder,
    environment: { ...variables, ...environment },
  });
  begun(() => command.signal('SIGINT'));
  return command.ended;
}
