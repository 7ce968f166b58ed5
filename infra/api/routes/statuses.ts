import type { Evidence, Progress } from '../../../domain/evidence.ts';
import { provisionStatus } from '../../../domain/provision-status.ts';
import type { Site } from '../../../domain/site.ts';
import type { ProvisionStatus } from '../../../domain/run-views.ts';
import type { Documents } from '../documents.ts';
import { nodeOf } from './node-names.ts';

/** Of up to so many open runs the evidence is read too, for the stage within a row; of a boot storm that would be too much to ask every second. */
const LOOKED_INTO = 40;

/** Where the newest runs of the named nodes are, in that order; of all nodes, by name, when none is named. */
export async function statuses(documents: Documents, site: Site, names: readonly string[]): Promise<ProvisionStatus[]> {
  const ids = names.map((name) => nodeOf(site, name)._id);
  const runs = await documents.newestRuns(names.length === 0 ? null : ids);
  const shown = runs.filter((run) => run.status === 'running' || site.nodes.has(run.nodeId));
  const open = shown.filter(({ status }) => status === 'running');
  const progress = open.length === 0 ? new Map<string, Progress>() : await documents.progressOf(open.map(({ nodeId }) => nodeId));
  const evidence = open.length > LOOKED_INTO ? [] : await documents.evidenceOfRuns(open.map(({ _id }) => _id));
  const byRun = Map.groupBy<string, Evidence>(evidence, ({ runId }) => runId);
  const found = shown.map((run) => provisionStatus(run, byRun.get(run._id) ?? [], progress.get(run.nodeId), Date.now()));
  if (names.length === 0) return found.sort((a, b) => a.nodeName.localeCompare(b.nodeName, 'en', { numeric: true }));
  const byNode = new Map(found.map((status) => [status.nodeId, status]));
  return ids.flatMap((id) => byNode.get(id) ?? []);
}
