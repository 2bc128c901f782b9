import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { servicesOf } from '../access/services-used.ts';
import { changeRules, patternProps } from '../event-patterns.ts';
import type { ChangeRule, PatternOptions } from '../event-patterns.ts';
import { queueTarget } from './queue-target.ts';
import type { RelayQueues } from './relay-queues.ts';

export interface RelayTriggersProps extends PatternOptions {
  /** Beginning of the rules' names. */
  readonly name: string;
  readonly queues: RelayQueues;
  readonly reconcile: lambda.IFunction;
  /** The buses that events arrive on. */
  readonly buses: readonly events.IEventBusRef[];
}

/** What wakes the relay: changes of secrets, by way of the push queue, and the schedule. */
export class RelayTriggers extends Construct {
  readonly rules: readonly events.Rule[];

  constructor(scope: Construct, id: string, props: RelayTriggersProps) {
    super(scope, id);
    const { queues, buses, deployment } = props;
    const onChange = ({ id: name, description, pattern }: ChangeRule): readonly events.Rule[] =>
      buses.map(
        (eventBus, index) =>
          new events.Rule(this, index === 0 ? name : `${name}${index}`, {
            description,
            eventBus,
            eventPattern: patternProps(pattern),
            targets: [queueTarget(queues.push, queues.deadLetter)],
          }),
      );
    const schedule = new events.Rule(this, 'Schedule', {
      description: 'Keyrelay: reconciles everything, in case an event was lost',
      schedule: events.Schedule.expression(deployment.schedule),
      targets: [
        new targets.LambdaFunction(props.reconcile, {
          deadLetterQueue: queues.deadLetter,
          maxEventAge: Duration.hours(1),
          retryAttempts: 8,
        }),
      ],
    });
    this.rules = [...changeRules(servicesOf(props.config), props).flatMap(onChange), schedule];
  }
}
