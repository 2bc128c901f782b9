import * as z from 'zod/mini';

/** The schema, with the sentence that an editor shows for it. Cloned, because a sentence belongs to one place. */
export function described<T extends z.ZodMiniType>(schema: T, description: string): T {
  const own = z.clone(schema);
  z.globalRegistry.add(own, { description });
  return own;
}
