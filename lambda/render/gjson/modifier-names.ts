/** The modifiers that gjson has of its own. External Secrets Operator adds none. */
const MODIFIERS = [
  'dig',
  'flatten',
  'fromstr',
  'group',
  'join',
  'keys',
  'pretty',
  'reverse',
  'this',
  'tostr',
  'ugly',
  'valid',
  'values',
] as const;
export type ModifierName = (typeof MODIFIERS)[number];

/** The longest name, the `@` before it and the character that ends it: no more has to be looked at. */
const LENGTH = 10;

/** The modifier that the path begins with; what else begins with `@` is a name. */
export function modifierOf(path: string): ModifierName | undefined {
  if (!path.startsWith('@')) return undefined;
  const [name] = path.slice(1, LENGTH).split(/[.|:]/u, 1);
  return MODIFIERS.find((each) => each === name);
}
