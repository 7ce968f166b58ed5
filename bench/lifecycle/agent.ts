import { setTimeout as sleep } from 'node:timers/promises';
import type { LunaStage } from '../../domain/stages.ts';
import type { Machine } from '../support/site.ts';
import { type Caller, persist, Refused, valueOf } from './controller-calls.ts';

/** What one machine lived through, milliseconds: from power-on to its report that it is ready, and how much of it it waited for luna. */
export interface Life {
  totalMs: number;
  waitedMs: number;
}

/** How long each stage takes on the machine, milliseconds: a tenth of a real one's, but long enough for the heartbeat. */
const STAGE_MS: Partial<Record<LunaStage, number>> = {
  prescript: 100, setupbmc: 500, partition: 1500, download: 6500, unpack: 6500, network: 200, postscript: 500, bootloader: 1500, localboot: 100,
};
const FIRMWARE_MS = 1000;
const KERNEL_MS = 1000;
const SYSTEM_BOOT_MS = 2000;
/** As in the agent. */
const HEARTBEAT_MS = 3000;
const SCRIPTS: Partial<Record<LunaStage, string>> = { prescript: 'prescript', partition: 'partscript', postscript: 'postscript' };
const INVENTORY = JSON.stringify({ cpus: 64, memory: 536_870_912, disks: [{ name: 'nvme0n1', size: 3_840_755_982_336 }], nics: Array.from({ length: 4 }, (_, i) => ({ name: `eno${i}`, mac: `52:54:00:70:00:0${i}` })) });

/** Plays one machine from power-on to its installed system: the calls of iPXE, of `95luna/agent`, and of the system's own unit. */
export async function liveOnce(machine: Machine, caller: Caller): Promise<Life> {
  const began = performance.now();
  await sleep(FIRMWARE_MS);
  const nonce = await networkBoot(machine, caller);
  await sleep(KERNEL_MS);
  await persist(caller, nonce, '/node/hello', { mac: machine.mac, firmware: 'uefi', uptime: String(KERNEL_MS / 1000), kernel: '6.1.0-56-amd64', inventory: INVENTORY });
  let waitedMs = 0;
  for (let seq = 1; ; seq += 1) {
    const asked = performance.now();
    const order = await persist(caller, nonce, '/node/next');
    waitedMs += performance.now() - asked;
    const action = valueOf(order, 'action');
    if (action === 'continue') break;
    if (action === 'abort') throw new Error(`${machine.name} was told to abort: ${valueOf(order, 'reason')}`);
    if (action === 'run') await runStage(caller, nonce, valueOf(order, 'stage') as LunaStage, valueOf(order, 'attempt'), seq);
    else await sleep(1000);
  }
  await sleep(SYSTEM_BOOT_MS);
  await persist(caller, nonce, '/node/ready', { message: 'multi-user.target' });
  return { totalMs: performance.now() - began, waitedMs };
}

/** iPXE: the boot script of its MAC, again and again until that names a kernel; then kernel and initramfs. */
async function networkBoot({ mac }: Machine, caller: Caller): Promise<string> {
  for (;;) {
    const script = await persist(caller, '', `/luna?step=boot&mac=${mac}`);
    const nonce = /\bluna\.nonce=([0-9a-f]{32})\b/.exec(script)?.[1];
    if (nonce === undefined) {
      await sleep(1000 * Number(/^sleep (\d+)$/m.exec(script)?.[1] ?? 3));
      continue;
    }
    for (const file of script.matchAll(/^(?:kernel|initrd) http:\/\/[^/]+(\/boot\/\S+)/gm)) await persist(caller, nonce, file[1] ?? '');
    return nonce;
  }
}

async function runStage(caller: Caller, nonce: string, stage: LunaStage, attempt: string, seq: number): Promise<void> {
  const began = performance.now();
  const ended = new AbortController();
  const pulse = heartbeat(caller, nonce, { stage, attempt }, ended.signal);
  const plan = await persist(caller, nonce, '/node/plan');
  const script = SCRIPTS[stage];
  if (script !== undefined) await persist(caller, nonce, `/node/script/${script}`);
  if (stage === 'setupbmc') await persist(caller, nonce, '/node/bmc');
  if (stage === 'download') await download(caller, nonce, plan);
  await sleep(STAGE_MS[stage] ?? 0);
  ended.abort();
  await pulse;
  const duration = String(Math.round(performance.now() - began));
  await persist(caller, nonce, '/node/report', { stage, attempt, seq: String(seq), status: 'ok', duration_ms: duration, message: `${stage} is done`, log: `${stage}: a line of its log\n`.repeat(40) });
}

/** Tells every 3 s that the stage goes on, whatever the stage itself waits for. */
async function heartbeat(caller: Caller, nonce: string, of: { stage: LunaStage; attempt: string }, signal: AbortSignal): Promise<void> {
  for (;;) {
    await sleep(HEARTBEAT_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await persist(caller, nonce, '/node/progress', { ...of, percent: '50', rate: '100000000', peers: '3', message: '' });
  }
}

/** The .torrent, then the tree over HTTP, which is the agent's own way when no peer answers. */
async function download(caller: Caller, nonce: string, plan: string): Promise<void> {
  for (const key of ['LUNA_TREE_TORRENT_URL', 'LUNA_TREE_URL']) {
    const { pathname, search } = new URL(valueOf(plan, key).replaceAll("'", ''));
    const body = await persist(caller, nonce, `${pathname}${search}`);
    if (body.length === 0) throw new Refused(pathname, 200, 'an empty file');
  }
}
