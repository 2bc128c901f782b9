/** What a Kubernetes Event is about. */
export interface Regarding {
  readonly apiVersion: string;
  readonly kind: string;
  /** Events lie beside what they are about; what is in no namespace has none here. */
  readonly namespace: string;
  readonly name: string;
  /** `kubectl describe` finds an Event by it; undefined where the object is not there. */
  readonly uid: string | undefined;
}

/** A Kubernetes Event, as people see it under `kubectl describe`. Holds no value. */
export interface ClusterEvent {
  readonly cluster: string;
  readonly regarding: Regarding;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** Tells apart what has the same reason: those that share it, about one object, are one Event that is counted. */
  readonly topic: string;
}
