import { rmSync } from 'node:fs';

export default function tearDown() {
  rmSync(process.env['KEYRELAY_SYNTH'], { recursive: true, force: true });
}
