import type { RelayError } from '../errors.ts';
import type { SourceVersion } from './source.ts';
import type { DesiredSecret } from './target.ts';

/** What a declaration asks for, now that its values are known. */
export type Rendered =
  | {
      readonly kind: 'secret';
      readonly secret: DesiredSecret;
      /** What the Secret will hold, by `sourceId`. */
      readonly versions: ReadonlyMap<string, SourceVersion>;
    }
  /** Every source is gone and the deletion policy allows for it: there is nothing to hold. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'failure'; readonly error: RelayError };
