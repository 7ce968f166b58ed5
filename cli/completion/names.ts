/** One thing that could stand at the cursor. */
export interface Candidate { word: string; about?: string }

/** The names of one kind of object that begin like this. */
export type Names = (kind: string, prefix: string) => Promise<string[]>;

/** What a flag's value names, by the flag. */
export const KIND_OF_FLAG: Readonly<Record<string, string>> = {
  group: 'groups', groups: 'groups', network: 'networks', setnet: 'networks', delnet: 'networks', domain: 'networks', bmcnetwork: 'networks', dhcp_net: 'networks',
  osimage: 'osimages', bmcsetup: 'bmcsetups', switch: 'switches',
};

/** What the names after a command are names of, by its first word. */
export const KIND_OF_TOPIC: Readonly<Record<string, string>> = {
  node: 'nodes', group: 'groups', network: 'networks', switch: 'switches', otherdev: 'otherdevs', osimage: 'osimages', bmcsetup: 'bmcsetups',
  power: 'nodes', provision: 'nodes', boot: 'nodes',
};

/** Topics that name nodes and are no kind of object. */
const ACTING = new Set(['power', 'provision', 'boot']);

/** Completes the last name of a hostlist: `node001,no`. `@` stands for groups. */
export async function hostlistCandidates(kind: string | undefined, current: string, names: Names): Promise<Candidate[]> {
  if (kind === undefined) return [];
  const [, head = '', tail = ''] = /^(.*[,!&^])?([^,!&^]*)$/s.exec(current) ?? [];
  if (tail.includes('[')) return [];
  const group = kind === 'nodes' && tail.startsWith('@');
  const found = await (group ? names('groups', tail.slice(1)) : names(kind, tail));
  return found.map((name) => ({ word: `${head}${group ? '@' : ''}${name}` }));
}

/** Completes an object with its kind: `node/node001`, or `node node001`. */
export async function objectCandidates(given: readonly string[], current: string, names: Names): Promise<Candidate[]> {
  const kinds = ['cluster', ...Object.keys(KIND_OF_TOPIC).filter((topic) => !ACTING.has(topic))];
  const [first] = given;
  if (first !== undefined && kinds.includes(first)) return hostlistCandidates(KIND_OF_TOPIC[first], current, names);
  const [kind = '', tail] = current.split('/', 2);
  if (tail === undefined) return kinds.filter((word) => word.startsWith(current)).map((word) => ({ word }));
  if (!kinds.includes(kind)) return [];
  return (await hostlistCandidates(KIND_OF_TOPIC[kind], tail, names)).map(({ word }) => ({ word: `${kind}/${word}` }));
}
