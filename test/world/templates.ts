import * as v from 'valibot';
import { handler } from '../../lambdas/templates';
import { ANA } from './crm';
import type { Answer, World } from './world';

/** Asks the templates callback in Ana's name, where the parameters name nobody else. */
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

/** The texts of an answer, in its order. @throws where it is no list exactly as Frontline takes it */
export function templateTexts({ status, body }: Answer): string[] {
  if (status !== 200) throw new Error(`status ${status}: ${JSON.stringify(body)}`);
  return v.parse(TemplatesAnswer, body).flatMap(({ templates }) => templates.map(({ content }) => content));
}
