import * as z from 'zod/mini';

/** A schema as a CRD holds it (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema). */
export type StructuralSchema = Readonly<Record<string, unknown>>;

/** What both kinds of schema say in the same words. */
const SAME = ['type', 'enum', 'minItems', 'maxItems', 'minLength', 'maxLength', 'minimum', 'maximum'];

/** Members of which ESO knows many and the relay few, so that the one that it knows cannot be required: it would not be said which one is there instead. */
const ALTERNATIVES: ReadonlySet<string> = new Set(['provider', 'sourceRef']);

const PRESERVED = { 'x-kubernetes-preserve-unknown-fields': true } as const;

const JsonSchema = z.looseObject({
  type: z.optional(z.unknown()),
  const: z.optional(z.unknown()),
  enum: z.optional(z.unknown()),
  default: z.optional(z.unknown()),
  properties: z.optional(z.record(z.string(), z.unknown())),
  additionalProperties: z.optional(z.unknown()),
  required: z.optional(z.array(z.string())),
  items: z.optional(z.unknown()),
});

/**
 * The project's own schema of a kind as a CRD can say it: types, members, which of them are required, and enumerations, with the default of
 * these, which the columns of `kubectl get` show. Patterns are left to the relay, whose messages say what is expected and whose expressions Go
 * does not have. Unknown members stay, for the relay to name them (docs/decisions/0004-crds.md).
 */
export function structuralSchema(schema: z.ZodMiniType): StructuralSchema {
  return structural(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), '');
}

function structural(schema: unknown, name: string): StructuralSchema {
  const json = JsonSchema.parse(schema);
  if (json.const !== undefined) return { type: typeof json.const, enum: [json.const] };
  // Of alternatives, a CRD can say only what they have in common.
  if (typeof json.type !== 'string') return PRESERVED;
  const same = Object.fromEntries(Object.entries(json).filter(([key]) => SAME.includes(key)));
  switch (json.type) {
    case 'object':
      return { ...same, ...membersOf(json, name) };
    case 'array':
      return { ...same, items: structural(json.items, '') };
    default:
      return json.enum === undefined || json.default === undefined
        ? same
        : { ...same, default: json.default };
  }
}

function membersOf(
  { properties, additionalProperties, required = [] }: z.infer<typeof JsonSchema>,
  name: string,
): StructuralSchema {
  if (properties === undefined)
    return typeof additionalProperties === 'object'
      ? { additionalProperties: structural(additionalProperties, '') }
      : PRESERVED;
  const members = Object.entries(properties).map(([key, member]) => [key, structural(member, key)] as const);
  return {
    properties: Object.fromEntries(members),
    ...(required.length === 0 || ALTERNATIVES.has(name) ? {} : { required }),
    ...PRESERVED,
  };
}
