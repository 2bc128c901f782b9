/** A label selector in its string form (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors). */
export type Selector = (labels: Readonly<Record<string, string>>) => boolean;

const NAME = '[A-Za-z0-9][-A-Za-z0-9_./]*';
const VALUE = '[-A-Za-z0-9_.]*';
const SET = new RegExp(`^(${NAME})\\s+(in|notin)\\s+\\(([^()]*)\\)$`, 'u');
const EQUALITY = new RegExp(`^(${NAME})\\s*(==|=|!=)\\s*(${VALUE})$`, 'u');
const EXISTENCE = new RegExp(`^(!?)\\s*(${NAME})$`, 'u');

/** Parses `env=prod, tier!=dev, team in (a, b), !legacy`; undefined where the text is no selector. */
export function parseSelector(text: string): Selector | undefined {
  const requirements = text.split(/,(?![^(]*\))/u).map((part) => parseRequirement(part.trim()));
  const known = requirements.filter((requirement) => requirement !== undefined);
  return known.length === requirements.length ? (labels) => known.every((requirement) => requirement(labels)) : undefined;
}

/** As Kubernetes has it, `!=` and `notin` match a label that is not there. */
function parseRequirement(text: string): Selector | undefined {
  const [, setName, setOperator, list] = SET.exec(text) ?? [];
  if (setName !== undefined && list !== undefined) {
    const values = new Set(list.split(',').map((value) => value.trim()));
    return setOperator === 'in' ? (labels) => labels[setName] !== undefined && values.has(labels[setName]) : (labels) => !values.has(labels[setName] ?? '\0');
  }
  const [, name, operator, value] = EQUALITY.exec(text) ?? [];
  if (name !== undefined) return operator === '!=' ? (labels) => labels[name] !== value : (labels) => labels[name] === value;
  const [, negation, key] = EXISTENCE.exec(text) ?? [];
  if (key === undefined) return undefined;
  return negation === '!' ? (labels) => labels[key] === undefined : (labels) => labels[key] !== undefined;
}
