import { LABEL } from '../contract.ts';
import type { TargetTemplate, TemplateSource } from '../model/declaration.ts';
import type { ExternalSecret } from './external-secret-schema.ts';
import { isOwnAnnotation } from './own-annotations.ts';
import type { Report } from './own-annotations.ts';
import { isLabelValue } from '../render/metadata.ts';
import { checkTemplate } from './source-texts.ts';
import type { Template, TemplateFrom } from './template-schema.ts';

const PATH = ['spec', 'target', 'template'];

/** `spec.target.template` as it is rendered; templates that cannot be parsed are reported. */
export function templateOf(manifest: ExternalSecret, report: Report): TargetTemplate {
  const template = manifest.spec.target?.template;
  if (template === undefined) return inherited(manifest);
  const { metadata = { labels: {}, annotations: {}, finalizers: [] }, data, mergePolicy } = template;
  checkTemplates(template, report);
  const from = template.templateFrom.flatMap((item, index) => sourcesOf(item, index, report));
  return {
    type: template.type === '' ? undefined : template.type,
    labels: metadata.labels,
    annotations: metadata.annotations,
    ...(isPlain(template) ? {} : { engine: true as const }),
    ...(metadata.finalizers.length === 0 ? {} : { finalizers: metadata.finalizers }),
    ...(Object.keys(data).length === 0 ? {} : { data }),
    ...(from.length === 0 ? {} : { from }),
    ...(mergePolicy === 'Merge' ? { merge: true as const } : {}),
  };
}

/**
 * As in ESO, a target without a template gets the labels and annotations of the ExternalSecret
 * (https://external-secrets.io/latest/guides/templating/); those that steer the relay or kubectl stay behind.
 */
function inherited({ metadata }: ExternalSecret): TargetTemplate {
  const owned: readonly string[] = Object.values(LABEL);
  const labels = Object.entries(metadata.labels).filter(([name]) => !owned.includes(name));
  const annotations = Object.entries(metadata.annotations).filter(
    ([name]) => !isOwnAnnotation(name) && !name.startsWith('kubectl.kubernetes.io/'),
  );
  return {
    type: undefined,
    labels: Object.fromEntries(labels),
    annotations: Object.fromEntries(annotations),
  };
}

/** Whether nothing of it is a template. */
function isPlain({ data, metadata, templateFrom }: Template): boolean {
  const groups: readonly object[] = [data, metadata?.labels ?? {}, metadata?.annotations ?? {}, templateFrom];
  return groups.every((group) => Object.keys(group).length === 0);
}

function checkTemplates({ data, metadata, type = '' }: Template, report: Report): void {
  if (type.includes('{{')) report([...PATH, 'type'], 'a template', 'a type as it is: no template makes it');
  for (const [name, value] of Object.entries(metadata?.labels ?? {}))
    if (!value.includes('{{') && !isLabelValue(value))
      report(
        [...PATH, 'metadata', 'labels', name],
        'a text',
        'a label value: letters, digits, -, _ and ., at most 63',
      );
  const groups: readonly (readonly [readonly string[], Readonly<Record<string, string>>])[] = [
    [['data'], data],
    [['metadata', 'labels'], metadata?.labels ?? {}],
    [['metadata', 'annotations'], metadata?.annotations ?? {}],
  ];
  for (const [path, templates] of groups)
    for (const [key, source] of Object.entries(templates))
      checkTemplate(source, [...PATH, ...path, key], report);
}

/** ESO's order within an item: the ConfigMap, then the Secret, then the literal. */
function sourcesOf(item: TemplateFrom, index: number, report: Report): readonly TemplateSource[] {
  const { configMap, secret, literal, valuesDecodingStrategy: decoding } = item;
  const path = [...PATH, 'templateFrom', index];
  const common = {
    target: targetOf(item.target),
    ...(decoding === 'None' ? {} : { decoding }),
  };
  if (literal !== undefined) checkTemplate(literal, [...path, 'literal'], report);
  if (configMap === undefined && secret === undefined && literal === undefined)
    report(path, 'no template', 'at least one of configMap, secret, literal');
  const objects = [
    { kind: 'ConfigMap' as const, ref: configMap },
    { kind: 'Secret' as const, ref: secret },
  ];
  return [
    ...objects.flatMap(({ kind, ref }) =>
      (ref?.items ?? []).map(({ key, templateAs }): TemplateSource => {
        const object = { kind, name: ref?.name ?? '' };
        return { ...common, kind: 'object', object, key, as: templateAs };
      }),
    ),
    ...(literal === undefined ? [] : [{ ...common, kind: 'literal' as const, text: literal }]),
  ];
}

function targetOf(word: string): TemplateSource['target'] {
  switch (word.toLowerCase()) {
    case 'labels':
      return 'Labels';
    case 'annotations':
      return 'Annotations';
    default:
      return 'Data';
  }
}
