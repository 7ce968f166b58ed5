import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Kills one part of a running instance as a crash would, with SIGKILL. Its supervisor starts it again. */
export async function killPart(dataDir: string, part: string): Promise<void> {
  const { parts } = JSON.parse(readFileSync(join(dataDir, 'run', 'supervisor.json'), 'utf8')) as { parts: { name: string; pid?: number | null }[] };
  const pid = parts.find((one) => one.name === part)?.pid;
  if (pid == null) throw new Error(`${part} does not run: ${JSON.stringify(parts)}`);
  process.kill(pid, 'SIGKILL');
}
