import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { labFiles } from './files.ts';
import { LabError } from './lab-error.ts';
import { labPlanSchema } from './plan.ts';

const labStateSchema = z.object({
  version: z.literal(1),
  /** `building` and `stopping` mean that a crash may have left things half done. */
  phase: z.enum(['building', 'up', 'stopping']),
  plan: labPlanSchema,
  /** True when /run/netns did not exist before: then it goes with the lab. */
  madeNetnsDir: z.boolean(),
  /** Controller port → port on the host's 127.0.0.1. */
  forwarded: z.record(z.string(), z.number().int()),
});

/** What `lab.json` says; written before each thing is made, so that `labDown` finds it after any crash. */
export type LabState = z.infer<typeof labStateSchema>;

/** The state of the lab in `dir`, or null when there is none. @throws LabError when lab.json can't be read. */
export function readLabState(dir: string): LabState | null {
  const file = labFiles(dir).state;
  if (!existsSync(file)) return null;
  try {
    return labStateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new LabError(`${file} is not a lab's state (${(error as Error).message})`, `remove ${file} and whatever 'ip netns list' still shows`);
  }
}

/** The state of a lab that must exist. @throws LabError when it doesn't. */
export function requireLabState(dir: string): LabState {
  const state = readLabState(dir);
  if (!state) throw new LabError(`there is no lab in ${dir}`, `luna lab up --dir ${dir}`);
  return state;
}

/** Replaces lab.json; on disk when it returns. */
export function writeLabState(state: LabState): void {
  mkdirSync(state.plan.dir, { recursive: true });
  const file = labFiles(state.plan.dir).state;
  writeDurably(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`, 0o644);
  renameSync(`${file}.new`, file);
}

function writeDurably(file: string, text: string, mode: number): void {
  const fd = openSync(file, 'w', mode);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  chmodSync(file, mode);
}
