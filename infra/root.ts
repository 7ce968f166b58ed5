import { existsSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';

/**
 * The folder that holds package.json. Processes run from the sources or from `dist/`; what tsc doesn't copy (shell
 * scripts, templates, node_modules) is always read from here.
 */
export const projectRoot: string = findRoot(import.meta.dirname);

/** The extension this process was started with: `.ts` from the sources, `.js` from `dist/`. */
export const ownExtension: string = extname(import.meta.filename);

/** The root of the tree this code runs from: the project itself, or its `dist/`. Sibling modules are found below it. */
export const codeRoot: string = dirname(import.meta.dirname);

function findRoot(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error(`No package.json above ${import.meta.dirname}: the installation is incomplete; clone luna again.`);
  return findRoot(parent);
}
