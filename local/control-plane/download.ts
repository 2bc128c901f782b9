import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';

/** A closed network refuses at once or never answers: this is how long an answer may take before it counts as closed. */
const ANSWER_MS = 5000;

/**
 * Writes the command at `url` to `output` when it is what `url` with `.sha256` promises; false where there is no such file or no way to
 * it, so that the caller builds it. A file that is not what was promised is an error, because building would hide it.
 */
export async function downloadCommand(url: string, output: string): Promise<boolean> {
  const promised = await promisedSum(url);
  if (promised === undefined) return false;
  const response = await fetch(url);
  if (!response.ok) return false;
  const bytes = new Uint8Array(await response.arrayBuffer());
  const sum = createHash('sha256').update(bytes).digest('hex');
  if (sum !== promised) throw new Error(`${url} has SHA-256 ${sum}, and ${promised} was promised: not used`);
  await writeFile(output, bytes, { mode: 0o755 });
  return true;
}

async function promisedSum(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}.sha256`, { signal: AbortSignal.timeout(ANSWER_MS) });
    if (!response.ok) return undefined;
    return (await response.text()).trim();
  } catch {
    return undefined;
  }
}
