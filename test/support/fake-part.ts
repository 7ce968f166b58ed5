import { projectRoot } from '../../infra/root.ts';
import { join } from 'node:path';
import type { Part } from '../../infra/engine/part.ts';

/** How a fake worker behaves: ready and serving, ending at once, ending after it was ready, deaf to SIGTERM. */
export type Behaviour = 'serve' | 'fail' | 'end-once-ready' | 'deaf';

/** A part whose process is a few lines of JavaScript that write the ready file as workers do. */
export function fakePart(name: string, behaviour: Behaviour = 'serve', tier: Part['tier'] = 'worker'): Part {
  const program = join(projectRoot, 'test', 'support', 'fake-part-process.ts');
  return { name, tier, launch: { command: process.execPath, args: [program, name, behaviour] }, claims: [], addresses: [] };
}
