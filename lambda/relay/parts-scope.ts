import type { CompiledConfig } from '../model/config.ts';
import type { PartsScope } from './load-parts.ts';
import type { PushMessage } from './push.ts';
import { selectWork } from './select-work.ts';

/**
 * Which clusters a batch makes it necessary to ask. Pure. A change may concern any of them; what is tried again concerns its own alone, so that a
 * cluster that is down is not asked for the sake of another.
 */
export function partsScope(messages: readonly PushMessage[], config: CompiledConfig): PartsScope {
  const concerned = messages.flatMap((message) => concernedBy(message, config));
  return { concerned: new Set(concerned), selecting: clustersWithLabels(messages, config) };
}

function concernedBy(message: PushMessage, config: CompiledConfig): readonly string[] {
  const { content } = message;
  switch (content.kind) {
    case 'change':
      return config.clusters.map(({ name }) => name);
    case 'ask':
      return [content.cluster];
    case 'retry':
      return selectWork(config, message).some(({ declaration }) => declaration.selectors === undefined)
        ? []
        : [content.cluster];
    case 'ignored':
    case 'malformed':
      return [];
  }
}

/** Clusters whose namespaces' labels decide about what a batch may concern: an event of other secrets asks no cluster for them. */
function clustersWithLabels(messages: readonly PushMessage[], config: CompiledConfig): ReadonlySet<string> {
  const work = messages.flatMap((message) => selectWork(config, message));
  return new Set(
    work.flatMap(({ declaration, cluster }) => (declaration.selectors === undefined ? [] : [cluster])),
  );
}
