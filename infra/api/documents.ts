import type { BootRecord } from '../../domain/boot-record.ts';
import type { Change } from '../../domain/change.ts';
import type { AuditLine, AuditRecord } from '../../domain/audit.ts';
import type { ChangePosition } from '../../domain/change-position.ts';
import type { Evidence, Progress } from '../../domain/evidence.ts';
import type { Lease } from '../../domain/lease.ts';
import type { Done } from '../../domain/many.ts';
import type { RunSummary } from '../../domain/provision.ts';
import type { BmcsetupChanges, NewBmcsetup } from '../../domain/requests/bmcsetup.ts';
import type { ClusterChanges, NewCluster } from '../../domain/requests/cluster.ts';
import type { GroupChanges, NewGroup } from '../../domain/requests/group.ts';
import type { NetworkChanges, NewNetwork } from '../../domain/requests/network.ts';
import type { NewNodes, NodeChanges } from '../../domain/requests/node.ts';
import type { NewOsimage, OsimageChanges } from '../../domain/requests/osimage.ts';
import type { NewOtherdev, OtherdevChanges } from '../../domain/requests/otherdev.ts';
import type { NewSwitch, SwitchChanges } from '../../domain/requests/switch.ts';
import type { Applied, ApplyOptions } from '../../domain/site-apply.ts';
import type { ReadSiteFile } from '../../domain/site-file.ts';
import type { RogueView } from '../../domain/rogue-server.ts';
import type { SwarmRecord } from '../../domain/swarm.ts';
import type { Sighting } from '../../domain/sighting.ts';
import type { Token } from '../../domain/token.ts';
import type { Site } from '../../domain/site.ts';

/** An object that was made or changed; the rest of it is in the site. */
export interface Named { name: string }

/** How one kind of object is changed. `by` says who asked; `seen` is the revision that he knew. */
export interface Editor<New, Changes, Made = Named> {
  add(wanted: New, by: string): Promise<Made>;
  change(name: string, changes: Changes, by: string): Promise<Named>;
  remove(name: string, by: string, seen?: number): Promise<void>;
}

/** Which lines of the history, newest first. `after`: only those older than this line. */
export interface HistoryQuery { kind?: Change['kind'] | undefined; name?: string | undefined; tx?: string | undefined; by?: string | undefined; after?: string | undefined; limit: number }

/** Which lines of the audit, newest first; `after` goes on where a page ended. */
export interface AuditQuery { limit: number; after?: string | undefined; refused?: '1' | undefined; by?: string | undefined }

/** Which boot records: those of a machine under any of its names. Times are ISO 8601; `after` and `until` are about when a record was written down. */
export interface TraceQuery { whos: readonly string[]; since?: string | undefined; after?: string | undefined; until?: string | undefined; limit: number }

/** What the API needs of the store. */
export interface Documents {
  /** The site in memory; `refresh` reads it anew. A listener is called after each change; the answer forgets it. */
  site: { current(): Site; refresh(): Promise<Site>; onChange(listener: () => void): () => void };
  cluster: {
    init(wanted: NewCluster, by: string): Promise<Named>;
    change(changes: ClusterChanges, by: string): Promise<Named>;
    remove(by: string, seen?: number): Promise<void>;
    /** Removes it and all that is declared. */
    removeAll(by: string, seen?: number): Promise<void>;
  };
  networks: Editor<NewNetwork, NetworkChanges>;
  switches: Editor<NewSwitch, SwitchChanges>;
  /** Makes a group like another. */
  cloneGroup(name: string, to: string, by: string): Promise<Named>;
  otherdevs: Editor<NewOtherdev, OtherdevChanges>;
  osimages: Editor<NewOsimage, OsimageChanges>;
  bmcsetups: Editor<NewBmcsetup, BmcsetupChanges>;
  groups: Editor<NewGroup, GroupChanges>;
  nodes: Editor<NewNodes, NodeChanges, Named[]>;
  /** Makes the site what a file says, all of it or nothing; with `dryRun` nothing. `refuse` words what is wrong with the file. */
  applySite(file: ReadSiteFile, options: ApplyOptions, by: string): Promise<Applied>;
  /** Every secret by `bmcsetup/<id>`, `switch/<id>`. */
  secrets(): Promise<Map<string, string>>;
  /** Seals every secret with a new key and forgets the old one. */
  rotateSecretsKey(by: string): Promise<{ sealed: number }>;
  /** The same change of many: of all or none; with `each`, of those that can be changed. */
  changeNodes(names: string[], changes: NodeChanges, each: boolean, by: string): Promise<Done[]>;
  changeGroups(names: string[], changes: GroupChanges, each: boolean, by: string): Promise<Done[]>;
  /** Removes all or none; with `each`, those that can be removed. */
  removeNodes(names: string[], each: boolean, by: string): Promise<Done[]>;
  history(query: HistoryQuery): Promise<Change[]>;
  /** Takes a whole transaction back. Throws LunaError `conflict` that names what came later. */
  undo(tx: string, by: string): Promise<{ undone: string; tx: string; lines: number; objects: string; secrets: { kind: 'bmcsetup' | 'switch'; name: string }[]; unpacked: string[] }>;
  /** Does something with documents of which nothing is kept; tells what would be noted, and the site before it and as it would be. */
  trial(work: (documents: Documents) => unknown): Promise<{ lines: Change[]; before: Site; after: Site }>;
  /** The history: where it is, and what came with one version. */
  changes: { position(): Promise<ChangePosition>; ofVersion(what: keyof ChangePosition, n: number): Promise<Change[]> };
  tokens: { all(): Promise<Token[]>; byHash(hash: string): Promise<Token | null>; add(token: Token): Promise<void>; remove(name: string): Promise<boolean> };
  /** Who did what: a line is added; the newest are read. */
  audit: { add(line: AuditLine): Promise<void>; newest(asked: AuditQuery): Promise<AuditRecord[]> };
  sightings(): Promise<Sighting[]>;
  /** DHCP servers that are not this controller's, seen in the last minutes. */
  rogues(): Promise<RogueView[]>;
  /** The newest waves of an image's swarms, newest first. */
  swarmsOf(osimageId: string, limit: number): Promise<SwarmRecord[]>;
  /** What boot services saw of one machine, oldest first. */
  trace(query: TraceQuery): Promise<(BootRecord & { noted: string })[]>;
  /** The newest lease of each dynamic address, those that ended among them. */
  leases(): Promise<Lease[]>;
  /** The MAC that was given this dynamic address last; null when none was. */
  leaseHolder(ip: string): Promise<string | null>;
  /** The newest run of each of these nodes; of all nodes when null. */
  newestRuns(nodeIds: string[] | null): Promise<RunSummary[]>;
  /** Runs of a node, newest first. */
  runsOf(nodeId: string, limit: number): Promise<RunSummary[]>;
  /** The last word of each node's agent. */
  progressOf(nodeIds: string[]): Promise<Map<string, Progress>>;
  /** What was observed of some runs, oldest first. */
  evidenceOfRuns(runIds: string[]): Promise<Evidence[]>;
  /** When anything declared was changed last, ISO 8601; null before the first change. */
  newestChangeAt(): Promise<string | null>;
  /** Whether the database answers, and where it is. Never throws. */
  health(): Promise<{ ok: boolean; address: string; message: string }>;
}
