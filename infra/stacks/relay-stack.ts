import { Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Keyrelay } from '../constructs/keyrelay.ts';
import type { KeyrelayProps } from '../constructs/keyrelay.ts';

/** One relay, in the account and region of its home. */
export class RelayStack extends Stack {
  readonly keyrelay: Keyrelay;

  constructor(scope: Construct, id: string, props: StackProps & KeyrelayProps) {
    super(scope, id, props);
    this.keyrelay = new Keyrelay(this, 'Keyrelay', props);
  }
}
