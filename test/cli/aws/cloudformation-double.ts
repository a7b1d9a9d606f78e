import type { HttpResponse } from '../../../emulators/core/http-response';
import { type Listening, startHttpServer } from '../../../emulators/core/http-server';

/** A stack of the account. */
interface StackState {
  status: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly resources?: readonly { readonly id: string; readonly type: string; readonly name: string }[];
  readonly isProtected?: boolean;
}

/** CloudFormation and STS over HTTP, as far as the commands use them. */
export interface CloudFormationDouble extends Listening {
  readonly stacks: Map<string, StackState>;
  /** The names of the stacks whose deletion was requested. */
  readonly deletions: string[];
  /** Whether a stack can be deleted; otherwise its deletion fails. */
  mayDelete: (name: string) => boolean;
}

export async function startCloudFormation(): Promise<CloudFormationDouble> {
  const listening = await startHttpServer({
    maxBodyBytes: 100_000,
    respond: async (_, body) => answer(double, new URLSearchParams(body.toString())),
    respondToError: (error) => ({ status: 500, body: String(error) }),
  });
  const double: CloudFormationDouble = {
    ...listening,
    stacks: new Map(),
    deletions: [],
    mayDelete: () => true,
  };
  return double;
}

function answer(double: CloudFormationDouble, form: URLSearchParams): HttpResponse {
  const [action, name] = [form.get('Action') ?? '', form.get('StackName') ?? ''];
  if (action === 'GetCallerIdentity') {
    return result(action, '<Account>000000000000</Account><Arn>arn:aws:iam::000000000000:user/dev</Arn>');
  }
  const stack = double.stacks.get(name);
  if (stack === undefined) return failure(`Stack with id ${name} does not exist`);
  switch (action) {
    case 'DescribeStacks':
      return result(action, `<Stacks>${member(described(stack))}</Stacks>`);
    case 'GetTemplate':
      return result(action, '<TemplateBody>{"Resources":{}}</TemplateBody>');
    case 'ListStackResources': {
      const resources = (stack.resources ?? []).map(({ id, type, name: physical }) =>
        member(
          `<LogicalResourceId>${id}</LogicalResourceId><ResourceType>${type}</ResourceType><PhysicalResourceId>${physical}</PhysicalResourceId>`,
        ),
      );
      return result(action, `<StackResourceSummaries>${resources.join('')}</StackResourceSummaries>`);
    }
    case 'DescribeStackEvents':
      return result(action, '<StackEvents/>');
    case 'DeleteStack':
      double.deletions.push(name);
      if (double.mayDelete(name)) double.stacks.delete(name);
      else stack.status = 'DELETE_FAILED';
      return result(action, '');
    default:
      return failure(`Unknown action ${action}`);
  }
}

function described({ status, outputs = {}, isProtected = false }: StackState): string {
  const members = Object.entries(outputs).map(([key, value]) =>
    member(`<OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue>`),
  );
  return `<StackStatus>${status}</StackStatus><Outputs>${members.join('')}</Outputs><EnableTerminationProtection>${isProtected}</EnableTerminationProtection>`;
}

function member(content: string): string {
  return `<member>${content}</member>`;
}

function result(action: string, content: string): HttpResponse {
  const body = `<${action}Response><${action}Result>${content}</${action}Result></${action}Response>`;
  return { status: 200, headers: { 'content-type': 'text/xml' }, body };
}

function failure(message: string): HttpResponse {
  const body = `<ErrorResponse><Error><Code>ValidationError</Code><Message>${message}</Message></Error></ErrorResponse>`;
  return { status: 400, headers: { 'content-type': 'text/xml' }, body };
}
