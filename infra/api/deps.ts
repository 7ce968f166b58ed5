import type { Seen } from '../../domain/discovery.ts';
import type { ServiceCounts } from '../../domain/service-counts.ts';
import type { Site } from '../../domain/site.ts';
import type { SwarmNews, SwarmSummary, SwarmView } from '../../domain/swarm.ts';
import type { Log } from '../log.ts';
import type { Meter } from '../meter.ts';
import type { Documents } from './documents.ts';
import type { Lifecycle } from './lifecycle.ts';

/** What a node would be given to run. */
export const SCRIPT_KINDS = ['boot', 'install', 'network'] as const;
export type ScriptKind = (typeof SCRIPT_KINDS)[number];

/** The hands of the API. */
export interface ApiDeps {
  documents: Documents;
  lifecycle: Lifecycle;
  /** The text a node would get now. Throws LunaError for what is missing. */
  renderScript(site: Site, nodeName: string, kind: ScriptKind): Promise<string>;
  /** Whether a path is a directory on this machine. */
  isDirectory(path: string): Promise<boolean>;
  /** Why no image may have its tree there, be it there yet or not; null when one may. */
  treeMistake(path: string): Promise<string | null>;
  /** What is shown to callers by TCP: key and certificate as PEM, the certificate's SHA-256 (`AB:CD:…`), when it ends (ISO 8601). */
  tls: { key: string; cert: string; fingerprint: string; expires: string };
  /** Trees of images: `clone` copies one to where nothing is, `discard` takes a copy away; both throw LunaError. `kernels`: releases, oldest first. */
  trees: { clone(from: string, to: string): Promise<void>; discard(path: string): Promise<void>; kernels(path: string): Promise<string[]> };
  /** What the forwarding tables of all switches say now. Throws LunaError `unavailable` when none answers. */
  switchMacs(site: Site): Promise<Seen[]>;
  /** What is counted: this API's requests, by call and status; all processes' numbers as a text of that media type; and what the boot services did. */
  metrics: { meter: Meter; read(): Promise<{ text: string; type: string }>; services(): Promise<ServiceCounts[]> };
  /** Swarms as they are now: all in sum, or one (by info hash) with its machines, null for one that nobody tracks; and who was demoted or removed lately. Reject when the boot services don't answer. */
  swarms: { all(): Promise<SwarmSummary[]>; one(infoHash: string): Promise<SwarmView | null>; events(): Promise<SwarmNews[]> };
  log: Log;
}
