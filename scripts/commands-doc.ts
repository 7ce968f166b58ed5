import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCliRoot } from '../test/support/cli-root.ts';
import { loadCommands } from './manual/load.ts';
import { commandsMarkdown } from './manual/markdown.ts';

// Writes docs/commands.md anew: node scripts/commands-doc.ts. A test says when that is due.
const root = makeCliRoot();
try {
  writeFileSync(join(import.meta.dirname, '../docs/commands.md'), commandsMarkdown(await loadCommands(root)));
} finally {
  rmSync(root, { recursive: true });
}
