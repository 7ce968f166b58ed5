import type { ObjectKind } from '../../domain/change.ts';
import { LunaError } from '../../domain/errors.ts';
import type { Group } from '../../domain/group.ts';
import type { Tx } from './change-objects.ts';
import { findObjects, type Objects } from './objects.ts';

/** How many dependants are named before the rest is counted. */
const NAMED = 8;

/** Throws LunaError `in-use`, naming who refers to the object. */
export async function refuseWhileUsed<K extends ObjectKind>(tx: Tx, kind: K, object: Objects[K]): Promise<void> {
  const users = await dependants(tx, kind, object._id);
  const [first] = users;
  if (!first) return;
  const more = users.length > NAMED ? ` and ${users.length - NAMED} more` : '';
  const named = users.slice(0, NAMED).map((user) => `[${user.kind}/${user.name}]`).join(' ');
  throw new LunaError('in-use', `${kind} ${object.name} is in use by ${named}${more}`, `luna ${first.kind} show ${first.name}`);
}

async function dependants(tx: Tx, kind: ObjectKind, id: string): Promise<{ kind: ObjectKind; name: string }[]> {
  switch (kind) {
    case 'node':
    case 'otherdev':
      return [];
    case 'group':
      return named('node', await findObjects(tx, 'node', { group: id }));
    case 'switch':
      return named('node', await findObjects(tx, 'node', { switch: id }));
    case 'bmcsetup':
      return named('group', await findObjects(tx, 'group', { bmcsetup: id }));
    case 'osimage':
      return named('group', await findObjects(tx, 'group', { osimage: id }));
    case 'network':
      return [
        ...named('group', (await findObjects(tx, 'group')).filter((group) => usesNetwork(group, id))),
        ...named('switch', await findObjects(tx, 'switch', { network: id })),
        ...named('otherdev', (await findObjects(tx, 'otherdev')).filter(({ addresses, addresses6 }) => id in addresses || id in addresses6)),
        ...named('cluster', await findObjects(tx, 'cluster', { dhcp_net: id })),
      ];
    case 'cluster': {
      const kinds = ['network', 'switch', 'otherdev', 'osimage', 'bmcsetup', 'group', 'node'] as const;
      const all = [];
      for (const one of kinds) all.push(...named(one, await findObjects(tx, one)));
      return all;
    }
  }
}

function usesNetwork(group: Group, id: string): boolean {
  return group.domain === id || group.interfaces.some(({ network, network6 }) => network === id || network6 === id);
}

function named(kind: ObjectKind, found: readonly { name: string }[]): { kind: ObjectKind; name: string }[] {
  return found.map(({ name }) => ({ kind, name }));
}
