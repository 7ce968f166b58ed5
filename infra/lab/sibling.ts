import path from 'node:path';
import { projectRoot } from '../root.ts';

/** The command that runs another module of this folder as a process: from the sources or from `dist/`, whichever this is. */
export function siblingProcess(name: string, ...args: string[]): string[] {
  return [process.execPath, path.join(import.meta.dirname, `${name}${path.extname(import.meta.filename)}`), ...args];
}

/** A shell script of this folder; scripts are not compiled, so they are read from the sources. */
export function labScript(name: string): string {
  return path.join(projectRoot, 'infra', 'lab', name);
}
