import { bootPlan } from '../boot-plan.ts';
import { LunaError } from '../errors.ts';
import { type InstallPlan, installPlan } from '../install-plan.ts';
import type { Node } from '../node.ts';
import { sameValue } from '../same-value.ts';
import type { Site } from '../site.ts';
import { capital, nodesNamed, verb } from './words.ts';

/** What a node does when it boots from the network unasked. */
type NextBoot = 'localboot' | 'service' | 'install';
const ONE: Record<NextBoot, string> = { localboot: 'boots its own disk', service: 'boots into service mode', install: 'is installed' };
const MANY: Record<NextBoot, string> = { localboot: 'boot their own disks', service: 'boot into service mode', install: 'are installed' };

/** Which nodes do something else at their next network boot, which are installed otherwise, and which can't be any more. */
export function bootConsequences(before: Site, after: Site): string[] {
  const boots = new Map<string, string[]>();
  const plans = new Map<string, { names: string[]; reinstall: boolean }>();
  const broken = new Map<string, string[]>();
  for (const node of after.nodes.values()) {
    const old = before.nodes.get(node._id);
    const [was, is] = [old ? nextBoot(before, old) : null, nextBoot(after, node)];
    const [from, to] = [old ? planned(before, old) : null, planned(after, node)];
    const other = is !== null && (old === undefined ? is === 'install' : was !== is);
    // What can't be installed is told below, and not here that it is.
    const wouldFail = is === 'install' && typeof to === 'string';
    if (other && !wouldFail) note(boots, `${is} ${was ?? ''}`, node.name);
    if (typeof to === 'string') {
      if (typeof from !== 'string' || (other && wouldFail)) note(broken, to.replaceAll(node.name, 'NODE'), node.name);
    } else if (from !== null && typeof from !== 'string') {
      const fields = changedParts(from, to);
      if (fields.length === 0) continue;
      const reinstall = is === 'install';
      const key = `${reinstall} ${fields.join(', ')}`;
      const there = plans.get(key) ?? { names: [], reinstall };
      there.names.push(node.name);
      plans.set(key, there);
    }
  }
  return [
    ...[...boots].map(([turn, names]) => bootSentence(names, turn)),
    ...[...plans].map(([key, { names, reinstall }]) => planSentence(names, key.slice(key.indexOf(' ') + 1), reinstall)),
    ...[...broken].map(([why, names]) => `${capital(nodesNamed(names))} can't be installed: ${why.replaceAll('NODE', names.length === 1 ? names[0] ?? '' : 'each')}.`),
  ];
}

function bootSentence(names: string[], turn: string): string {
  const [is, was] = turn.split(' ') as [NextBoot, NextBoot | ''];
  const words = names.length === 1 ? ONE : MANY;
  const instead = was === '' ? '' : ` (until now: ${words[was]})`;
  return `${capital(nodesNamed(names))} ${words[is]} at ${names.length === 1 ? 'its' : 'their'} next network boot${instead}.`;
}

function planSentence(names: string[], parts: string, reinstall: boolean): string {
  const when = reinstall ? 'at the next network boot, which reinstalls' : 'at the next luna provision; until then nothing changes on';
  return `${capital(nodesNamed(names))} ${verb(names.length, 'gets', 'get')} another ${parts} ${when} ${names.length === 1 ? 'it' : 'them'}.`;
}

function nextBoot(site: Site, node: Node): NextBoot | null {
  if (node.localboot) return 'localboot';
  if (node.service) return 'service';
  if (!site.groups.has(node.group)) return null;
  return bootPlan(site, node, null, null).at === 'unasked' ? 'install' : 'localboot';
}

/** The plan, or why there is none. */
function planned(site: Site, node: Node): InstallPlan | string {
  try {
    return installPlan(site, node);
  } catch (error) {
    if (error instanceof LunaError) return error.message;
    throw error;
  }
}

const PARTS: readonly (readonly [string, (plan: InstallPlan) => unknown])[] = [
  ['image', ({ osimage, artefact }) => [osimage, artefact._id]],
  ['kernel command line', ({ kernopts }) => kernopts],
  ['host name', ({ hostname, domain }) => [hostname, domain]],
  ['controller', ({ server, url }) => [server, url]],
  ['network configuration', ({ interfaces }) => interfaces],
  ['BMC setup', ({ bmc }) => bmc],
  ['boot loader setting', ({ bootloader }) => bootloader],
  ['prescript', ({ scripts }) => scripts.prescript],
  ['partscript', ({ scripts }) => scripts.partscript],
  ['postscript', ({ scripts }) => scripts.postscript],
];

function changedParts(from: InstallPlan, to: InstallPlan): string[] {
  return PARTS.filter(([, part]) => !sameValue(part(from), part(to))).map(([name]) => name);
}

function note(map: Map<string, string[]>, key: string, name: string): void {
  const there = map.get(key);
  if (there) there.push(name);
  else map.set(key, [name]);
}
