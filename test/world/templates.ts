import * as v from 'valibot';
import { handler } from '../../lambdas/templates';
import { ANA } from './crm';
import type { Answer, World } from './world';

/** Calls the templates callback as Ana, unless the parameters name another worker. */
export function askTemplates(
  world: World,
  CustomerId: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return world.ask(
    handler,
    { Location: 'GetTemplatesByCustomerId', Worker: ANA, CustomerId, ...parameters },
    { path: '/callbacks/templates' },
  );
}

const TemplatesAnswer = v.array(
  v.strictObject({
    display_name: v.string(),
    templates: v.array(v.strictObject({ content: v.string(), whatsAppApproved: v.boolean() })),
  }),
);

/** The texts of a response, in order. @throws if it is not a list exactly as Frontline accepts it */
export function templateTexts({ status, body }: Answer): string[] {
  if (status !== 200) throw new Error(`status ${status}: ${JSON.stringify(body)}`);
  return v.parse(TemplatesAnswer, body).flatMap(({ templates }) => templates.map(({ content }) => content));
}
