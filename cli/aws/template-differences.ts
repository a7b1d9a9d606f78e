import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import type { Diff } from '../plan/plan';
import { functionsIn, parseTemplate, type Resource, type StackTemplate } from './stack-template';

const Section = v.optional(v.record(v.string(), v.unknown()), {});

/**
 * The changes of a deployment: the functions' variables by name and value, other resources and sections by name. Empty
 * if nothing changes.
 */
export function templateDifferences(deployed: StackTemplate, wanted: StackTemplate): readonly Diff[] {
  const [before, after] = [comparable(deployed), comparable(wanted)];
  const ids = [...new Set([...Object.keys(before.Resources), ...Object.keys(after.Resources)])];
  const resources = ids.flatMap((id): Diff[] => {
    const [old, next] = [before.Resources[id], after.Resources[id]];
    if (isDeepStrictEqual(old, next)) return [];
    return [{ what: nameOf(id, next ?? old), from: old?.Type ?? null, to: changeOf(old, next) }];
  });
  const { Resources: _, ...oldRest } = before;
  const { Resources: __, ...newRest } = after;
  const sections = [...new Set([...Object.keys(oldRest), ...Object.keys(newRest)])].flatMap((section) =>
    isDeepStrictEqual(oldRest[section], newRest[section])
      ? []
      : [{ what: section, from: 'as deployed', to: 'as in this folder' }],
  );
  return [...variableDifferences(deployed, wanted), ...resources, ...sections];
}

/** The template without CDK's metadata, and with non-ASCII characters replaced as CloudFormation does. */
function comparable(template: StackTemplate): StackTemplate {
  const asKept = (_: string, value: unknown) =>
    typeof value === 'string' ? value.replace(/[\u{80}-\u{10ffff}]/gu, '?') : value;
  const { Resources, Conditions, ...rest } = parseTemplate(JSON.stringify(template, asKept), 'The template');
  const { CDKMetadataAvailable: _, ...conditions } = v.parse(Section, Conditions);
  return {
    ...rest,
    ...(Object.keys(conditions).length > 0 && { Conditions: conditions }),
    Resources: Object.fromEntries(
      Object.entries(Resources).filter(([, { Type }]) => Type !== 'AWS::CDK::Metadata'),
    ),
  };
}

function variableDifferences(deployed: StackTemplate, wanted: StackTemplate): readonly Diff[] {
  const [before, after] = [variablesIn(deployed), variablesIn(wanted)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((name) => {
    const [from, to] = [before.get(name) ?? null, after.get(name) ?? null];
    return from === to ? [] : [{ what: name, from, to }];
  });
}

/** The functions' variables by name. All functions have the same. */
function variablesIn(template: StackTemplate): ReadonlyMap<string, string> {
  return new Map(functionsIn(template).flatMap(({ variables }) => Object.entries(variables)));
}

/** A resource's name in the code: `CrmCallback`. */
function nameOf(id: string, resource: Resource | undefined): string {
  const path = resource?.Metadata['aws:cdk:path'];
  return path === undefined ? id : path.replace(/^[^/]*\//, '').replace(/\/Resource$/, '');
}

function changeOf(old: Resource | undefined, next: Resource | undefined): string | null {
  if (next === undefined) return null;
  if (old === undefined || old.Type !== next.Type) return next.Type;
  const names = [...new Set([...Object.keys(old.Properties), ...Object.keys(next.Properties)])];
  const changed = names.filter((name) => !isDeepStrictEqual(old.Properties[name], next.Properties[name]));
  return changed.length === 0 ? `${next.Type}, changed` : `${next.Type} with different ${changed.join(', ')}`;
}
