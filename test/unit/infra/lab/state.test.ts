import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { labDown } from '../../../../infra/lab/down.ts';
import { machinePid, pullPlug } from '../../../../infra/lab/machine.ts';
import { planLab } from '../../../../infra/lab/plan.ts';
import { requirePrograms } from '../../../../infra/lab/programs.ts';
import { readLabState, requireLabState, writeLabState } from '../../../../infra/lab/state.ts';
import { labStatus } from '../../../../infra/lab/status.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'lab-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('remembers a lab', () => {
  const state = { version: 1, phase: 'building', plan: planLab({ dir }), madeNetnsDir: true, forwarded: { 8233: 40000 } } as const;

  writeLabState(state);

  assert.deepEqual(readLabState(dir), state);
});

test('names the command that builds a lab where there is none', async () => {
  assert.equal(readLabState(dir), null);
  assert.equal(labStatus(dir).state, 'absent');
  assert.equal(await labDown(dir), false);
  assert.throws(() => requireLabState(dir), { next: `luna lab up --dir ${dir}` });
});

test('refuses a state that it did not write', () => {
  writeFileSync(path.join(dir, 'lab.json'), '{"version": 7}');

  assert.throws(() => readLabState(dir), /lab\.json is not a lab's state/);
});

test('names each missing program and its Debian package', () => {
  assert.throws(() => requirePrograms([], ['/nonexistent']), (error: Error & { next?: string }) => {
    assert.match(error.message, /ipmi_sim \(package openipmi\)/);
    assert.match(error.next ?? '', /^apt-get install .*qemu-system-x86 .*openipmi/);
    return true;
  });
});

test('takes no foreign process for a machine, and spares it', async () => {
  const plan = planLab({ dir, nodes: 1 });
  writeLabState({ version: 1, phase: 'up', plan, madeNetnsDir: false, forwarded: {} });
  mkdirSync(path.join(dir, 'machines', 'node001'), { recursive: true });
  writeFileSync(path.join(dir, 'machines', 'node001', 'qemu.pid'), `${process.ppid}\n`);

  assert.equal(machinePid(dir, 'node001'), null);
  await pullPlug(dir, 'node001');
  process.kill(process.ppid, 0);
});
