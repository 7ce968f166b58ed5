import { Args, Errors, Flags } from '@oclif/core';
import type { ObjectKind } from '../domain/change.ts';
import { expandHostlist } from '../domain/hostlist.ts';
import type { NodeView } from '../domain/views.ts';

/** The objects that are named and listed; the cluster is one and needs no name. */
export type Kind = Exclude<ObjectKind, 'cluster'>;

/** Positional form of the name of one object; stdin belongs to texts, so a missing name is never read from there. */
export const objectArgs = { name: Args.string({ description: 'name of the object', ignoreStdin: true }) };
/** Luna 1's first form of the same. */
export const objectFlags = { name: Flags.string({ char: 'n', summary: 'The name, for those who write it as a flag.', helpValue: 'NAME' }) };

/** Positional form of several objects: hostlists, one or more. */
export const listArgs = { name: Args.string({ description: 'names, as hostlists: node[001-003],login01', ignoreStdin: true, multiple: true }) };
/** The same with `-n`. */
export const listFlags = { name: Flags.string({ char: 'n', summary: 'The names, for those who write them as a flag.', helpValue: 'HOSTLIST' }) };

/** The API's path of a kind, or of one object of it. */
export function pathOf(kind: Kind, name?: string): string {
  const collection = `/api/v1/${kind === 'switch' ? 'switches' : `${kind}s`}`;
  return name === undefined ? collection : `${collection}/${encodeURIComponent(name)}`;
}

/** The one object that is named, positionally or with `-n`. Throws a usage error when it is named twice or not at all. */
export function selectObject(kind: Kind, positional: string | undefined, flag: string | undefined): string {
  return one(kind, positional, flag, 'NAME');
}

/** The same for what is no object of the site. */
export function selectNamed(word: string, positional: string | undefined, flag: string | undefined): string {
  return one(word, positional, flag, 'NAME');
}

/** The objects that hostlists name, each once. Throws a usage error like {@link selectObject}, or the hostlist's own error. */
export function selectObjects(kind: Kind, positional: string[] | undefined, flag: string | undefined): string[] {
  return expandHostlist(one(kind, positional?.join(','), flag, 'HOSTLIST'));
}

/**
 * The nodes that hostlists name, `@group` among them; `nodes` fetches all and is asked only for such. Throws like {@link selectObjects},
 * and LunaError `not-found` for a group without nodes.
 */
export async function selectNodes(positional: string[] | undefined, flag: string | undefined, nodes: () => Promise<NodeView[]>): Promise<string[]> {
  const text = one('node', positional?.join(','), flag, 'HOSTLIST');
  if (!text.includes('@')) return expandHostlist(text);
  const all = await nodes();
  return expandHostlist(text, (group) => all.filter((node) => group === '*' || node.group === group).map(({ name }) => name));
}

function one(kind: string, positional: string | undefined, flag: string | undefined, form: string): string {
  if (positional !== undefined && flag !== undefined) throw new Errors.CLIError(`The ${kind} is named twice: ${positional} and -n ${flag}.`, { exit: 2 });
  const name = positional ?? flag;
  if (name === undefined || name === '') throw new Errors.CLIError(`Which ${kind}? Name it: ${form}, or -n ${form}.`, { exit: 2 });
  return name;
}
