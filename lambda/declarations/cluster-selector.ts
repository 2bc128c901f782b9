type Labels = Readonly<Record<string, string>>;

/** A label selector in its string form (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors). */
export type Selector = (labels: Labels) => boolean;

const NAME = '[A-Za-z0-9][-A-Za-z0-9_./]*';
const VALUE = '[-A-Za-z0-9_.]*';
const SET = new RegExp(`^(${NAME})\\s+(in|notin)\\s*\\((\\s*${VALUE}\\s*(?:,\\s*${VALUE}\\s*)*)\\)$`, 'u');
const EQUALITY = new RegExp(`^(${NAME})\\s*(==|=|!=)\\s*(${VALUE})$`, 'u');
const EXISTENCE = new RegExp(`^(!?)\\s*(${NAME})$`, 'u');

/**
 * Parses `env=prod, tier!=dev, team in (a, b), !legacy`; undefined where the text is no selector. An empty one, which in Kubernetes selects everything,
 * is none.
 */
export function parseSelector(text: string): Selector | undefined {
  const requirements = text.split(/,(?![^(]*\))/u).map((part) => parseRequirement(part.trim()));
  const known = requirements.filter((requirement) => requirement !== undefined);
  return known.length === requirements.length
    ? (labels) => known.every((requirement) => requirement(labels))
    : undefined;
}

/** As Kubernetes has it, `!=` and `notin` match a label that is not there. */
function parseRequirement(text: string): Selector | undefined {
  const [, setName, setOperator, values] = SET.exec(text) ?? [];
  if (setName !== undefined && values !== undefined) {
    return membership(setName, setOperator === 'in' ? 'in' : 'notin', values.split(','));
  }
  const [, name, operator, value] = EQUALITY.exec(text) ?? [];
  if (name !== undefined && value !== undefined)
    return membership(name, operator === '!=' ? 'notin' : 'in', [value]);
  const [, negation, key] = EXISTENCE.exec(text) ?? [];
  if (key === undefined) return undefined;
  return negation === '!' ? (labels) => !Object.hasOwn(labels, key) : (labels) => Object.hasOwn(labels, key);
}

function membership(name: string, operator: 'in' | 'notin', values: readonly string[]): Selector {
  const set = new Set(values.map((value) => value.trim()));
  const isIn = (labels: Labels): boolean => Object.hasOwn(labels, name) && set.has(labels[name] ?? '');
  return operator === 'in' ? isIn : (labels) => !isIn(labels);
}
