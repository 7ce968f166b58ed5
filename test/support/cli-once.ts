import { rmSync } from 'node:fs';
import { flush, handle, run } from '@oclif/core';
import { makeCliRoot } from './cli-root.ts';

/** `luna …` from the sources: for what needs a process of its own, signals and stdin. */
const root = makeCliRoot();
process.on('exit', () => { rmSync(root, { recursive: true }); });
try {
  await run(process.argv.slice(2), root);
  await flush();
} catch (error) {
  await handle(error as Error);
}
