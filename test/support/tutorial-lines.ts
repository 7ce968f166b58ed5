import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../fixtures/seed');

/** The commands of a tutorial in their order; one with a here-document is one command. */
export function tutorialLines(name: 'commands-seed.txt' | 'commands-1.2.txt'): string[] {
  const commands: string[] = [];
  let open = false;
  for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) {
    if (open) commands.push(`${commands.pop() ?? ''}\n${line}`);
    else if (line !== '') commands.push(line);
    open = open ? line !== 'EOF' : line.startsWith('cat << EOF');
  }
  return commands;
}

/** The partition script that the tutorial gives by hand. */
export function tutorialPartscript(): string {
  return readFileSync(join(folder, 'partscript.txt'), 'utf8');
}
