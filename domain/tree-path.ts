import * as z from 'zod';

/** Directories that are the controller's own. What lies in them may be a tree: `/srv/compute`. */
const CONTROLLERS: ReadonlySet<string> = new Set(['/', '/bin', '/boot', '/dev', '/etc', '/home', '/lib', '/lib64', '/opt', '/proc', '/root', '/run', '/sbin', '/srv', '/sys', '/tmp', '/usr', '/var']);

/** A path written in the one way that can be compared: no slash doubled, none at its end. */
export function plainPath(path: string): string {
  return path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
}

/**
 * Why no image may have its tree at a path, whatever machine that is on; null when one may. A tree is packed for every
 * node, and grabbing into it deletes what the grabbed machine has not got.
 */
export function treeMistake(path: string): string | null {
  if (!path.startsWith('/')) return 'a path starts with /';
  if (path.split('/').some((part) => part === '.' || part === '..')) return `${path} must be written without . and ..`;
  const plain = plainPath(path);
  return CONTROLLERS.has(plain) ? `${plain} is the controller's own: an image needs a directory of its own, such as /opt/luna/os/compute` : null;
}

/** The path of an image's tree, as somebody declares it. Documents of an older luna may hold others. */
export const treePathSchema = z.string().regex(/^\//, { error: 'a path starts with /', abort: true }).superRefine((path, context) => {
  const mistake = treeMistake(path);
  if (mistake !== null) context.addIssue({ code: 'custom', message: mistake });
}).transform(plainPath);
