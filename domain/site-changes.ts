import type { ObjectKind } from './change.ts';
import { bmcsetupSchema } from './bmcsetup.ts';
import { byName } from './hostlist-fold.ts';
import { osimageSchema } from './osimage.ts';
import { sameValue } from './same-value.ts';
import { clusterDeclared, type Declared, groupDeclared, networkDeclared, nodeDeclared, otherdevDeclared, plain, switchDeclared } from './site-export.ts';
import { SPECIAL } from './site-file.ts';
import type { SitePlan } from './site-plan.ts';
import type { Site } from './site.ts';

/** What becomes of one object, in the words of a site file. `before` null: it was not said; `after` null: no longer. */
export interface SiteChange {
  kind: ObjectKind;
  name: string;
  op: 'add' | 'change' | 'remove';
  diff: Record<string, [before: unknown, after: unknown]>;
}

/** The field that tells the order of a group's interfaces: its map has none that a diff by fields could show. */
const ORDER = 'order of interfaces';

const KINDS = ['network', 'osimage', 'bmcsetup', 'switch', 'otherdev', 'group', 'node'] as const;

/** All that differs between two versions of a site, kinds in the order of the file, names in theirs. */
export function siteChanges({ before, after, secrets }: Pick<SitePlan, 'before' | 'after'> & { secrets?: SitePlan['secrets'] }): SiteChange[] {
  const changes: SiteChange[] = [];
  const note = (kind: ObjectKind, id: string, from: { name: string } | undefined, to: { name: string } | undefined): void => {
    const secret = (secrets ?? []).find((one) => one.id === id);
    const hidden: SiteChange['diff'] = secret === undefined ? {} : { [secret.kind === 'bmcsetup' ? 'password' : 'read']: [null, 'changed'] };
    const found = { ...diffOf(from && fieldsOf(before, kind, id), to && fieldsOf(after, kind, id)), ...hidden };
    if (from && to && Object.keys(found).length === 0) return;
    // It is news only of interfaces that were there in another order.
    if (!from || !to) Reflect.deleteProperty(found, ORDER);
    changes.push({ kind, name: (to ?? from)?.name ?? id, op: from === undefined ? 'add' : to === undefined ? 'remove' : 'change', diff: found });
  };
  if (before.cluster !== after.cluster) note('cluster', '', before.cluster ?? undefined, after.cluster ?? undefined);
  for (const kind of KINDS) {
    const [old, now] = [mapOf(before, kind), mapOf(after, kind)];
    const ids = [...new Set([...old.keys(), ...now.keys()])].filter((id) => touched(before, after, kind, id) || secrets?.some((one) => one.id === id));
    const called = (id: string): string => (now.get(id) ?? old.get(id))?.name ?? id;
    for (const id of ids.sort((a, b) => byName(called(a), called(b)))) note(kind, id, old.get(id), now.get(id));
  }
  return changes;
}

function touched(before: Site, after: Site, kind: (typeof KINDS)[number], id: string): boolean {
  if (mapOf(before, kind).get(id) !== mapOf(after, kind).get(id)) return true;
  return kind === 'node' && !sameValue([...before.macsOf.get(id) ?? []].sort(), [...after.macsOf.get(id) ?? []].sort());
}

function mapOf(site: Site, kind: (typeof KINDS)[number]): ReadonlyMap<string, { name: string }> {
  return { network: site.networks, osimage: site.osimages, bmcsetup: site.bmcsetups, switch: site.switches, otherdev: site.otherdevs, group: site.groups, node: site.nodes }[kind];
}

/** The fields of an object by their path in the file: `interfaces.BOOTIF.network`. */
function fieldsOf(site: Site, kind: ObjectKind, id: string): Map<string, unknown> {
  return flat(declared(site, kind, id));
}

function declared(site: Site, kind: ObjectKind, id: string): Declared {
  const get = <T>(objects: ReadonlyMap<string, T>, show: (object: T) => Declared): Declared => {
    const object = objects.get(id);
    return object === undefined ? {} : show(object);
  };
  switch (kind) {
    case 'cluster':
      return clusterDeclared(site);
    case 'network':
      return get(site.networks, networkDeclared);
    case 'osimage':
      return get(site.osimages, (osimage) => plain(osimageSchema, SPECIAL.osimage, osimage));
    case 'bmcsetup':
      return get(site.bmcsetups, (setup) => plain(bmcsetupSchema, [], setup));
    case 'switch':
      return get(site.switches, (one) => switchDeclared(site, one));
    case 'otherdev':
      return get(site.otherdevs, (device) => otherdevDeclared(site, device));
    case 'group':
      return get(site.groups, (group) => {
        const names = group.interfaces.map(({ name }) => name);
        return { ...groupDeclared(site, group), ...(names.length > 1 ? { [ORDER]: names } : {}) };
      });
    case 'node':
      return get(site.nodes, (node) => {
        const { shared, port, addresses, addresses6, macs = [] } = nodeDeclared(site, node);
        return { ...shared, ...(port === undefined ? {} : { port }), addresses, addresses6, ...(macs.length === 0 ? {} : { mac: macs.length === 1 ? macs[0] : macs }) };
      });
  }
}

function flat(fields: Declared, prefix = ''): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [name, value] of Object.entries(fields)) {
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isMap) found.set(prefix + name, value);
    else if (Object.keys(value).length > 0) for (const [inner, one] of flat(value as Declared, `${prefix}${name}.`)) found.set(inner, one);
    else if (prefix !== '') found.set(prefix + name, value);
  }
  return found;
}

function diffOf(from: Map<string, unknown> = new Map(), to: Map<string, unknown> = new Map()): SiteChange['diff'] {
  const diff: SiteChange['diff'] = {};
  for (const name of new Set([...from.keys(), ...to.keys()])) {
    const pair: [unknown, unknown] = [from.get(name) ?? null, to.get(name) ?? null];
    if (!sameValue(pair[0], pair[1])) diff[name] = pair;
  }
  return diff;
}
