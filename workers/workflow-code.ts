import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../infra/root.ts';

/** The workflows for a worker: the prebuilt bundle beside compiled code, the sources otherwise. */
export function workflowCode(): { workflowBundle: { codePath: string } } | { workflowsPath: string } {
  const codePath = join(projectRoot, 'dist', 'workflow-bundle.js');
  return import.meta.filename.endsWith('.js') && existsSync(codePath)
    ? { workflowBundle: { codePath } }
    : { workflowsPath: join(projectRoot, 'workflows', 'index.ts') };
}
