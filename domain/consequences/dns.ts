import type { Site } from '../site.ts';
import { zonesOf } from '../zones.ts';
import { counted, some } from './words.ts';

/** Names that DNS answers otherwise than before. Reverse records follow their names and are not told apart. */
export function dnsConsequences(before: Site, after: Site): string[] {
  const [old, now] = [namesOf(before), namesOf(after)];
  const come: string[] = [];
  const change: string[] = [];
  const go: string[] = [];
  for (const [name, value] of now) {
    const was = old.get(name);
    if (was === undefined) come.push(name);
    else if (was !== value) change.push(`${name} (${was} → ${value})`);
  }
  for (const name of old.keys()) if (!now.has(name)) go.push(name);
  const texts = [...after.networks.values()].flatMap((network) => {
    const was = before.networks.get(network._id);
    return was && (was.include !== network.include || was.rev_include !== network.rev_include) ? [network.name] : [];
  });
  return [
    ...come.length === 0 ? [] : [`DNS: ${counted(come.length, 'name is', 'names are')} added: ${some(come)}.`],
    ...change.length === 0 ? [] : [`DNS: ${counted(change.length, 'name is', 'names are')} answered otherwise: ${some(change)}.`],
    ...go.length === 0 ? [] : [`DNS: ${counted(go.length, 'name goes', 'names go')}: ${some(go)}.`],
    ...texts.length === 0 ? [] : [`DNS: the text added to the ${texts.length === 1 ? 'zone' : 'zones'} of ${some(texts)} changes.`],
  ];
}

/** What each name in the forward zones stands for. */
function namesOf(site: Site): Map<string, string> {
  const names = new Map<string, string>();
  for (const { name: zone, direction, records } of zonesOf(site).zones) {
    if (direction === 'reverse') continue;
    for (const { name, type, value } of records) {
      if (type === 'NS') continue;
      const full = `${name}.${zone}`;
      const there = names.get(full);
      names.set(full, there === undefined ? value : `${there}, ${value}`);
    }
  }
  return names;
}
