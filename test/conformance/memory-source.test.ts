import { describeSecretSource } from '../contracts/secret-source.ts';
import type { StoreUnderTest } from '../contracts/secret-source.ts';
import type { Stored } from './support/case-format.ts';
import { MemorySource } from './support/memory-source.ts';

/** The store that the cases are read from keeps the promises of a real one. */
describeSecretSource('memory', (): StoreUnderTest => {
  const stored: Stored[] = [];
  return {
    source: new MemorySource('SecretsManager', stored),
    nameOf: (word) => word,
    put: (name, text) => {
      const before = stored.filter((each) => each.name === name);
      stored.unshift({ name, text, versionId: `version-${before.length + 1}` });
      return Promise.resolve();
    },
    tag: (name, tags) => {
      const index = stored.findIndex((each) => each.name === name);
      const found = stored[index];
      if (found !== undefined) stored[index] = { ...found, tags: { ...found.tags, ...tags } };
      return Promise.resolve();
    },
    remove: (name) => {
      const index = stored.findIndex((each) => each.name === name);
      stored.splice(index, 1);
      return Promise.resolve();
    },
  };
});
