import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, openSync, closeSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../infra/root.ts';

/** The agent's own pipeline of zstd and tar, in other places than a node's. */
export interface AgentPipeline {
  /** Unpacks a file of so many bytes unpacked, which a command writes meanwhile, if one is given. Its process leads a group. */
  start(unpacked: number, from: string, ...command: string[]): ChildProcess;
  /** The exit code it left; null when it has left none yet. */
  code(): number | null;
  /** What it said. */
  words(): string;
  /** What stands for /run/luna. */
  run: string;
}

/** Copies the agent's scripts into a folder, where they unpack to `target` instead of /sysroot. */
export function agentPipeline(folder: string, target: string): AgentPipeline {
  const [lib, run] = [join(folder, 'lib'), join(folder, 'run')];
  cpSync(join(projectRoot, 'infra/initramfs/95luna/agent'), lib, { recursive: true });
  mkdirSync(run, { recursive: true });
  for (const name of readdirSync(lib)) {
    const path = join(lib, name);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('/usr/lib/luna', lib).replaceAll('/run/luna', run).replaceAll('/sysroot', target));
  }
  const log = join(run, 'pipeline.log');
  const textOf = (name: string): string => {
    try {
      return readFileSync(join(run, name), 'utf8').trim();
    } catch {
      return '';
    }
  };
  return {
    start(unpacked, from, ...command) {
      const out = openSync(log, 'w');
      const child = spawn('sh', [join(lib, 'pipeline.sh'), from, ...command], { stdio: ['ignore', out, out], detached: true, env: { ...process.env, LUNA_TREE_UNPACKED: String(unpacked) } });
      closeSync(out);
      return child;
    },
    code: () => (textOf('pipeline.code') === '' ? null : Number(textOf('pipeline.code'))),
    words: () => textOf('pipeline.log'),
    run,
  };
}
