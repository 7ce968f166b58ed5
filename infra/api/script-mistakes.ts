import { execFile } from 'node:child_process';

/** What the shell has against a script, a line each; nothing when it can read it. Nodes run scripts with bash; where there is none sh is asked. */
export async function scriptMistakes(script: string): Promise<string[]> {
  if (script.trim() === '') return [];
  const found = await readBy('bash', script) ?? await readBy('sh', script) ?? '';
  return found.split('\n').map((line) => line.replace(/^\S+: (?=line \d+:|\d+:)/, '').replace(/^(\d+): /, 'line $1: ')).filter((line) => line.trim() !== '');
}

/** What a shell prints when it only reads; null when there is no such shell. */
function readBy(shell: string, script: string): Promise<string | null> {
  return new Promise((resolve) => {
    const child = execFile(shell, ['-n'], { timeout: 10_000 }, (error, _stdout, stderr) => { resolve(error?.code === 'ENOENT' ? null : error ? stderr : ''); });
    // It may have seen enough before it has read all.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(`${script}\n`);
  });
}
