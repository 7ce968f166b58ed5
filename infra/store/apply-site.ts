import { randomUUID } from 'node:crypto';
import { consequences } from '../../domain/consequences.ts';
import { LunaError } from '../../domain/errors.ts';
import { type SiteChange, siteChanges } from '../../domain/site-changes.ts';
import type { ReadSiteFile } from '../../domain/site-file.ts';
import { planSite, type SitePlan } from '../../domain/site-plan.ts';
import type { Applied, ApplyOptions } from '../../domain/site-apply.ts';
import type { Site } from '../../domain/site.ts';
import { become } from './become.ts';
import { changeObjects, type Tx } from './change-objects.ts';
import type { Store } from './connect.ts';
import { noteSecret } from './objects.ts';
import { newestRuns } from './runs.ts';
import { removeSecret, type SecretKind, secretsWithin, writeSecret } from './secrets.ts';

/** Makes the site what a file says: all of it in one transaction, or nothing. What the file doesn't change is not written. */
export async function applySite(store: Store, file: ReadSiteFile, { prune, dryRun, refuse, ...known }: ApplyOptions, by: string): Promise<Applied> {
  return changeObjects(store, by, async (tx) => {
    const before = await tx.site();
    const plan = planSite(before, file, { prune, newId: randomUUID, unread: known.unread });
    const problems = [...known.problems, ...plan.problems];
    if (problems.length > 0) throw refuse(problems);
    const secrets = await changedSecrets(tx, plan);
    const changes = siteChanges({ ...plan, secrets });
    if (!dryRun && changes.length > 0) {
      await refuseRunning(store, changes, before);
      await become(tx, before, plan.after);
      await removeSecretsOfGone(tx, before, plan.after);
      for (const { kind, id, value } of secrets) await setSecret(tx, plan.after, kind, id, value);
    }
    return dryRun ? { changes, consequences: consequences(before, plan.after, secrets) } : { changes };
  });
}

async function removeSecretsOfGone(tx: Tx, before: Site, after: Site): Promise<void> {
  for (const [kind, section] of [['switch', 'switches'], ['bmcsetup', 'bmcsetups']] as const) {
    for (const id of before[section].keys()) if (!after[section].has(id)) await removeSecret(tx.store, tx.session, kind, id);
  }
}

async function setSecret(tx: Tx, after: Site, kind: SecretKind, id: string, value: string): Promise<void> {
  await writeSecret(tx.store, tx.session, kind, id, value);
  const object = after[kind === 'switch' ? 'switches' : 'bmcsetups'].get(id);
  if (object) noteSecret(tx, kind, object, kind === 'switch' ? 'read' : 'password');
}

/** Secrets that are not what is stored already. */
async function changedSecrets(tx: Tx, { secrets }: SitePlan): Promise<SitePlan['secrets']> {
  if (secrets.length === 0) return [];
  const stored = await secretsWithin(tx.store, tx.session);
  return secrets.filter(({ kind, id, value }) => stored.get(`${kind}/${id}`) !== value);
}

/** Throws LunaError `conflict` when a node that is to go is being provisioned. */
async function refuseRunning(store: Store, changes: readonly SiteChange[], before: Site): Promise<void> {
  const removed = changes.flatMap(({ kind, op, name }) => kind === 'node' && op === 'remove' ? before.nodesByName.get(name)?._id ?? [] : []);
  if (removed.length === 0) return;
  const running = (await newestRuns(store, removed)).find(({ status }) => status === 'running');
  if (!running) return;
  const name = before.nodes.get(running.nodeId)?.name ?? running.nodeId;
  throw new LunaError('conflict', `node ${name} is being provisioned (${running.stage}): it can't be deleted now`, `luna provision cancel ${name}`);
}
