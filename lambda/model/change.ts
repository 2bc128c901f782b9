import type { Service } from './config.ts';

/** A hint that a source secret changed. Never data: a push reads the source and the target afresh (guarantee 1). */
export interface SourceChange {
  /** The EventBridge event's id: the correlation id of all that follows. */
  readonly eventId: string;
  /** The service that holds what changed. */
  readonly service: Service;
  /** When the change happened, by AWS's clock (the event's `time`). */
  readonly time: Date;
  readonly region: string;
  /** The account that the event came from, 12 digits. */
  readonly account: string;
  /**
   * What happened, as far as it matters: `value` (AWSCURRENT may hold something else now), `label` (only a label moved: of a parameter),
   * `lifecycle` (deleted or restored), `metadata` (tags).
   */
  readonly kind: 'value' | 'label' | 'lifecycle' | 'metadata';
  /** How the event names the secret: names and ARNs, at least one. A partial ARN or a name cut from an ARN is among them. */
  readonly ids: readonly string[];
  /** The version that AWSCURRENT moved to, where the event says so. */
  readonly versionId: string | undefined;
  /** When the relay learned of it. */
  readonly received?: Date | undefined;
}
