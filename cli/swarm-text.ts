import { byName, foldHostlist } from '../domain/hostlist-fold.ts';
import type { SwarmMember, SwarmNews, SwarmRecord, SwarmSummary, SwarmView } from '../domain/swarm.ts';
import { utcText } from '../domain/utc-text.ts';
import { duration, rateText } from './units.ts';

/** So many of the newest events stand below a drawing. */
const EVENTS = 20;

/** One line about a swarm: `Swarm of compute: 36 machines, 12 load; 35.1 MB/s in, …`. */
export function swarmLine(swarm: SwarmSummary): string {
  const { machines, loading, done, gone, rateIn, rateOut, serverRate, copies } = swarm;
  const states = [loading > 0 ? `${loading} loading` : '', done > 0 ? `${done} done` : '', gone > 0 ? `${gone} gone` : ''].filter((text) => text !== '').join(', ');
  const rates = `${rateText(rateIn)} in, ${rateText(rateOut)} out; the server sent ${copies.toFixed(2)} copies, ${rateText(serverRate)} now`;
  return `Swarm of ${whatOf(swarm)}: ${machines} ${machines === 1 ? 'machine' : 'machines'} (${states}); ${rates}; ${shareText(swarm)}`;
}

/** A line of `luna events`: `2026-01-01 10:31:07 swarm of compute: node007 demoted: is late for node001 and node009`. */
export function newsLine({ at, kind, nodes, why, ...of }: SwarmNews): string {
  return `${utcText(at)} swarm of ${whatOf(of)}: ${foldHostlist(nodes)} ${kind}: ${why}`;
}

/** A swarm as text: a line in sum, the tree of each stripe, the machines that have no place in it, and what went wrong. */
export function swarmText(swarm: SwarmView): string {
  const { members, stripes, events } = swarm;
  const shaped = members.filter(({ parents }) => parents.length > 0);
  const others = members.filter(({ parents, state }) => parents.length === 0 && state !== 'gone');
  const trees = Array.from({ length: shaped.length > 0 ? stripes : 0 }, (_, stripe) => ['', `Stripe ${stripe + 1} of ${stripes}`, ...treeOf(shaped, stripe)]);
  return [
    swarmLine(swarm),
    ...trees.flat(),
    ...section('Beside the trees, by peers of their own choice', others.map(memberText)),
    ...section('Demoted, they feed nobody', members.filter(({ feeds, state }) => !feeds && state !== 'gone').map(({ node, why }) => `${node}: ${why}`)),
    ...section('Gone', members.filter(({ state }) => state === 'gone').map(({ node, percent, why }) => `${node} at ${percent} %: ${why}`)),
    ...section('What happened', events.slice(-EVENTS).map(({ at, kind, nodes, why }) => `${utcText(at)} ${kind} ${foldHostlist(nodes)}: ${why}`)),
  ].join('\n');
}

/** The machines of a swarm as rows. */
export const MEMBER_COLUMNS = [
  { title: 'Node', field: 'node', cell: ({ node }: SwarmMember): unknown => node },
  { title: 'State', field: 'state', cell: ({ state }: SwarmMember): unknown => state },
  { title: 'Percent', field: 'percent', cell: ({ percent }: SwarmMember): unknown => `${percent} %` },
  { title: 'In', field: 'rateIn', cell: ({ rateIn }: SwarmMember): unknown => rateText(rateIn) },
  { title: 'Out', field: 'rateOut', cell: ({ rateOut }: SwarmMember): unknown => rateText(rateOut) },
  { title: 'Fed by', field: 'parents', cell: ({ parents }: SwarmMember): unknown => parents.map((parent) => parent ?? 'server') },
  { title: 'Switch', field: 'switch', cell: (one: SwarmMember): unknown => one.switch },
  { title: 'Why', field: 'why', cell: ({ why }: SwarmMember): unknown => why },
];

/** What the history of an image's swarms shows. Times of waves are UTC. */
export const WAVE_COLUMNS = [
  { title: 'Started', field: 'startedAt', cell: ({ startedAt }: SwarmRecord): unknown => utcText(startedAt) },
  { title: 'Of', field: 'part', cell: ({ part }: SwarmRecord): unknown => part },
  { title: 'Machines', field: 'machines', cell: ({ machines, done }: SwarmRecord): unknown => (done === machines ? machines : `${machines}, ${done} done`) },
  { title: 'Arrived within', field: 'arrivals', cell: ({ arrivals }: SwarmRecord): unknown => `${arrivals.toFixed(1)} s` },
  { title: 'Last', field: 'last', cell: ({ last, lastNode }: SwarmRecord): unknown => (last === null ? null : `${last.toFixed(1)} s, ${lastNode ?? ''}`) },
  { title: 'Bound', field: 'bound', cell: ({ bound, link }: SwarmRecord): unknown => (bound === null || link === null ? null : `${bound.toFixed(1)} s at ${link.mbit} Mbit/s ${link.known}`) },
  { title: 'Share', field: 'share', cell: ({ share }: SwarmRecord): unknown => percentText(share) },
  { title: 'Copies', field: 'copies', cell: ({ copies }: SwarmRecord): unknown => copies.toFixed(2) },
  { title: 'Ended', field: 'endedAt', cell: ({ endedAt, interrupted }: SwarmRecord): unknown => (endedAt === null ? 'it goes on' : interrupted ? 'interrupted' : utcText(endedAt)) },
  { title: 'Trouble', field: 'events', cell: ({ lost, events }: SwarmRecord): unknown => [...lost.map(({ node, percent, why }) => `${node} lost at ${percent} %: ${why}`), ...events.filter(({ kind }) => kind !== 'removed').map(({ kind, nodes, why }) => `${foldHostlist(nodes)} ${kind}: ${why}`)] },
];

/** What `-o wide` shows of a wave besides. */
export const WAVE_WIDE = [
  { title: 'Size', field: 'size', cell: ({ size }: SwarmRecord): unknown => `${(size / 1e6).toFixed(1)} MB` },
  { title: 'Half of them', field: 'shareP50', cell: ({ shareP50 }: SwarmRecord): unknown => percentText(shareP50) },
  { title: '99 of 100', field: 'shareP99', cell: ({ shareP99 }: SwarmRecord): unknown => percentText(shareP99) },
  { title: 'Version', field: 'artefact', cell: ({ artefact }: SwarmRecord): unknown => artefact },
];

/** `compute`, or `compute's initramfs`: its tree is what nobody has to be told. */
function whatOf({ osimage, part }: Pick<SwarmSummary, 'osimage' | 'part'>): string {
  return part === 'tree' ? osimage : `${osimage}'s initramfs`;
}

function shareText({ share, bound, link }: SwarmSummary): string {
  if (bound === null || link === null) return 'the rate of the links is not known yet';
  const reached = share === null ? 'the bound is' : `${percentText(share)} of the bound,`;
  return `${reached} ${bound.toFixed(1)} s over links of ${link.mbit} Mbit/s (${link.known === 'reported' ? 'as the cards report' : 'the fastest seen'})`;
}

/** One stripe below the server. Machines that feed nobody in it stand together behind their feeder. */
function treeOf(members: readonly SwarmMember[], stripe: number): string[] {
  const fed = Map.groupBy(members, ({ parents }) => parents[stripe] ?? null);
  const below = (feeder: string | null, indent: string, depth: number): string[] => {
    const all = (fed.get(feeder) ?? []).toSorted((a, b) => byName(a.node, b.node));
    const inner = all.filter(({ node }) => fed.has(node));
    const leaves = all.filter(({ node }) => !fed.has(node));
    const rows = [...inner.map((one) => ({ text: memberText(one), node: one.node })), ...leaves.length === 0 ? [] : [{ text: leavesText(leaves), node: null }]];
    // A shape that is being changed may be told with a ring in it.
    if (depth > members.length) return [];
    return rows.flatMap(({ text, node }, i) => {
      const last = i === rows.length - 1;
      return [`${indent}${last ? '└─' : '├─'} ${text}`, ...node === null ? [] : below(node, `${indent}${last ? '   ' : '│  '}`, depth + 1)];
    });
  };
  return ['server', ...below(null, '', 0)];
}

function memberText({ node, state, percent, rateIn, rateOut, eta, seconds, feeds }: SwarmMember): string {
  const how = state === 'loading' ? `${percent} %, ${rateText(rateIn)} in, ` : seconds === null ? 'done, ' : `done in ${seconds.toFixed(1)} s, `;
  return `${node}  ${how}${rateText(rateOut)} out${eta === null ? '' : `, ${duration(eta)} left`}${feeds ? '' : ', demoted'}`;
}

function leavesText(leaves: readonly SwarmMember[]): string {
  const [only, ...others] = leaves;
  if (only !== undefined && others.length === 0) return memberText(only);
  const percents = leaves.map(({ percent }) => percent);
  const [least, most] = [Math.min(...percents), Math.max(...percents)];
  return `${foldHostlist(leaves.map(({ node }) => node))}  ${least === most ? least : `${least}–${most}`} %`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function percentText(share: number | null): string | null {
  return share === null ? null : `${Math.round(share * 100)} %`;
}
