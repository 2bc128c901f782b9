import type { Work } from './limits.ts';

/** What the parts of the evaluator share: the evaluator itself, for paths within paths, and what the whole may take. */
export interface Evaluation {
  /** What the path selects from the document. */
  readonly get: (document: string, path: string) => string;
  readonly work: Work;
}

/** How a path begins: by a document that is made, with the path that goes on in it, or by a search. */
export type Start =
  | { readonly kind: 'made'; readonly document: string; readonly rest: string }
  | { readonly kind: 'search'; readonly path: string };

/** Whether what follows a modifier, literal or multipath goes on with its result. Anything else there is ignored, or no such part to begin with. */
export function goesOn(rest: string): boolean {
  return rest.startsWith('.') || rest.startsWith('|');
}
