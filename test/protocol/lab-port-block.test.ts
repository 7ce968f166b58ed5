import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { removeNamespace, runInNamespace, startInNamespace } from '../../infra/lab/namespace.ts';
import { type LabPlan, planLab } from '../../infra/lab/plan.ts';
import { blockPort, unblockPort } from '../../infra/lab/port-block.ts';
import { runProgram } from '../../infra/lab/run-program.ts';
import { waitUntil } from '../../infra/lab/wait-until.ts';

// A veth pair stands for a machine's tap, so that a shell can be the machine.

const site = `lab-b${process.pid}`;
const machine = `lab-m${process.pid}`;
const dir = mkdtempSync(path.join(tmpdir(), 'lab-'));
const skip = process.getuid?.() === 0 ? false : 'network namespaces need root';
const base = planLab({ dir, name: site, nodes: 1 });
const plan: LabPlan = { ...base, machines: base.machines.map((one) => ({ ...one, tap: 'port1' })) };

before(async () => {
  if (skip) return;
  for (const name of [site, machine]) await runProgram(['ip', 'netns', 'add', name]);
  const script = [
    'ip link set lo up',
    'ip link add br0 type bridge',
    `ip link add port1 type veth peer name eth0 netns ${machine}`,
    'ip link set port1 master br0 up',
    'ip link set br0 up',
    'ip address add 10.30.0.1/16 dev br0',
  ].join(' && ');
  await runInNamespace(site, ['sh', '-c', script]);
  await runInNamespace(machine, ['sh', '-c', 'ip link set eth0 up && ip address add 10.30.0.9/16 dev eth0']);
  for (const port of [7050, 7052]) await startInNamespace(site, ['socat', `TCP-LISTEN:${port},fork,reuseaddr`, 'SYSTEM:echo hello'], path.join(dir, 'log'));
  await waitUntil('the servers', 10_000, async () => await reaches(7050) && await reaches(7052), 'see the log');
});
after(async () => {
  for (const name of [site, machine]) await removeNamespace(name, false);
  rmSync(dir, { recursive: true, force: true });
});

async function reaches(port: number): Promise<boolean> {
  const client = ['socat', '-u', `TCP:10.30.0.1:${port},connect-timeout=1`, '-'];
  return runInNamespace(machine, client, 4000).then((text) => text.includes('hello'), () => false);
}

test('blocks one port and no other, and opens it again', { skip, timeout: 60_000 }, async () => {
  await blockPort(plan, 7052);
  await blockPort(plan, 7052);
  assert.equal(await reaches(7052), false);
  assert.equal(await reaches(7050), true);

  await unblockPort(plan, 7052);
  await unblockPort(plan, 7052);
  assert.equal(await reaches(7052), true);
});
