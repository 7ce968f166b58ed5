import type { Site } from '../site.ts';
import type { ChangedSecret } from '../consequences.ts';
import { nodesNamed } from './words.ts';

/** What another password or community means for what is out there. */
export function secretConsequences(before: Site, after: Site, secrets: readonly ChangedSecret[]): string[] {
  return secrets.flatMap(({ kind, id }) => {
    if (kind === 'switch') {
      const found = after.switches.get(id);
      return found && before.switches.has(id) ? [`Switch ${found.name} is asked with another community.`] : [];
    }
    if (!before.bmcsetups.has(id)) return [];
    const groups = new Set([...after.groups.values()].filter(({ bmcsetup }) => bmcsetup === id).map(({ _id }) => _id));
    const names = [...after.nodes.values()].filter(({ group }) => groups.has(group)).map(({ name }) => name);
    if (names.length === 0) return [];
    return [`BMCs of ${nodesNamed(names)} are asked with another password at once, and have it themselves only after their next installation.`];
  });
}
