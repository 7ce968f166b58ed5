import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An empty folder that is gone when the test's process ends. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `luna-${name}-`));
  process.once('exit', () => { rmSync(folder, { recursive: true, force: true }); });
  return folder;
}
