import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { LunaError } from '../../domain/errors.ts';
import { projectRoot } from '../root.ts';

/** A program that was found, and how: on PATH, or among the engines that set-up fetched. */
export interface Executable { path: string; from: 'PATH' | 'set-up'; env: Record<string, string> }

/** Finds a program on PATH; undefined when there is none. */
export function onPath(name: string, path: string): string | undefined {
  return path.split(delimiter).filter((folder) => folder !== '').map((folder) => join(folder, name)).find(isExecutable);
}

/** Finds an engine: first on PATH, then the one set-up fetched into `<cache>/engines`. Throws {@link LunaError} with the cure. */
export function findEngine(name: string, cacheDir: string, path: string): Executable {
  const found = onPath(name, path);
  if (found) return { path: found, from: 'PATH', env: {} };
  const folder = join(cacheDir, 'engines');
  const fetched = join(folder, 'bin', name);
  if (!isExecutable(fetched)) {
    throw new LunaError('unavailable', `The engine ${name} is neither on PATH nor in ${folder}.`, `sh ${join(projectRoot, 'scripts', 'setup.sh')}`);
  }
  // Without a virtual environment (`pip install --target`) Python has to be told where the engine's modules are.
  const env: Record<string, string> = existsSync(join(folder, 'pyvenv.cfg')) ? {} : { PYTHONPATH: folder };
  return { path: fetched, from: 'set-up', env };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
