import { RelayError } from '../errors.ts';
import { templateObjectId } from '../model/declaration.ts';
import { secretKeysOf } from '../model/identity.ts';
import type { Credentials, SecretKeyRef, SecretOrigin } from '../model/identity.ts';
import type { ClusterTemplates } from '../model/ports.ts';
import type { TemplateObject } from '../model/source.ts';
import { Sensitive } from '../sensitive.ts';

/** Characters that a header takes, as AWS's keys have them: a line break at the end of a Secret is the usual mistake. */
const KEY_TEXT = /^[\x21-\x7e]{16,4096}$/u;

/** Reads the keys of an IAM user, or of a session, from Secrets of a cluster; afresh each time. */
export function createSecretCredentials(
  templates: ClusterTemplates,
): (origin: SecretOrigin, signal: AbortSignal) => Promise<Sensitive<Credentials>> {
  return async (origin, signal) => {
    const { cluster, accessKeyId, secretAccessKey, sessionToken } = origin;
    // Each Secret once, so that its keys are of one version.
    const distinct = new Map(secretKeysOf(origin).map((ref) => [idOf(ref), ref]));
    const objects = new Map(
      await Promise.all(
        distinct
          .entries()
          .map(async ([id, ref]) => [id, await readSecret(cluster, ref, templates, signal)] as const),
      ),
    );
    const textOf = (ref: SecretKeyRef): string => keyOf(cluster, ref, objects.get(idOf(ref)));
    return new Sensitive({
      accessKeyId: textOf(accessKeyId),
      secretAccessKey: textOf(secretAccessKey),
      sessionToken: sessionToken === undefined ? undefined : textOf(sessionToken),
    });
  };
}

async function readSecret(
  cluster: string,
  ref: SecretKeyRef,
  templates: ClusterTemplates,
  signal: AbortSignal,
): Promise<TemplateObject> {
  const { namespace, name } = ref;
  const object = { kind: 'Secret', name } as const;
  const results = await templates.read(cluster, namespace, [object], signal);
  const result = results.get(templateObjectId(object));
  if (result?.kind === 'object') return result.object;
  if (result !== undefined && result.error.code !== 'TEMPLATE_OBJECT_MISSING') throw result.error;
  throw unfit(cluster, ref, 'does not exist; create it, or correct the store');
}

function keyOf(cluster: string, ref: SecretKeyRef, object: TemplateObject | undefined): string {
  const bytes = object?.data.get(ref.key);
  if (bytes === undefined) throw unfit(cluster, ref, `has no key ${ref.key}; add it, or correct the store`);
  const text = Buffer.from(bytes.reveal()).toString('utf8');
  if (KEY_TEXT.test(text)) return text;
  throw unfit(
    cluster,
    ref,
    `has in ${ref.key} what is no key of AWS: at least 16 characters without spaces; see for a line break at its end`,
  );
}

function idOf({ namespace, name }: SecretKeyRef): string {
  return `${namespace}/${name}`;
}

function unfit(cluster: string, ref: SecretKeyRef, what: string): RelayError {
  return new RelayError(
    'SOURCE_CREDENTIALS',
    `Secret ${cluster}/${idOf(ref)}, which holds the store’s credentials, ${what}`,
  );
}
