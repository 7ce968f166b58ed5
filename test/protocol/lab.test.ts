import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { readSerialLog } from '../../infra/lab/console.ts';
import { labDown } from '../../infra/lab/down.ts';
import { labUp } from '../../infra/lab/lab.ts';
import { changeDisk, ipmi, machinePid, powerState, pullPlug } from '../../infra/lab/machine.ts';
import { namespaceExists, namespacePids, runInNamespace } from '../../infra/lab/namespace.ts';
import { type LabOptions, planLab } from '../../infra/lab/plan.ts';
import { commandLine } from '../../infra/lab/processes.ts';
import { requirePrograms } from '../../infra/lab/programs.ts';
import { runProgram } from '../../infra/lab/run-program.ts';
import { labScript } from '../../infra/lab/sibling.ts';
import { labStatus } from '../../infra/lab/status.ts';
import { waitUntil } from '../../infra/lab/wait-until.ts';

// One lab for the whole file: the tests are the life of a site, in order.

const dir = mkdtempSync(path.join(tmpdir(), 'lab-'));
const options: LabOptions = { dir, name: `lab-t${process.pid}`, nodes: 2, firmware: ['bios', 'uefi'], memoryMb: 512, bare: true };
const plan = planLab(options);
const skip = whyNot();

before(async () => {
  if (!skip) await labUp(options);
});
after(async () => {
  await labDown(dir);
  rmSync(dir, { recursive: true, force: true });
});

function whyNot(): string | false {
  try {
    requirePrograms();
    return false;
  } catch (error) {
    return (error as Error).message;
  }
}

function snmp(oid: string): Promise<string> {
  return runInNamespace(plan.namespace, ['snmpbulkwalk', '-v2c', '-c', 'public', '-Onq', plan.switchAddress, oid]);
}

test('does nothing when the lab is up already', { skip }, async () => {
  const { built } = await labUp(options);

  assert.equal(built, false);
  assert.equal(labStatus(dir).state, 'up');
});

test('refuses to turn a lab into another', { skip }, async () => {
  await assert.rejects(labUp({ ...options, nodes: 3 }), { next: `luna lab down --dir ${dir}` });
});

test('keeps the password of the BMCs to root', { skip }, () => {
  assert.equal(statSync(path.join(dir, 'bmc-password')).mode & 0o777, 0o600);
  assert.equal(statSync(path.join(dir, 'bmc', 'node001', 'lan.conf')).mode & 0o777, 0o600);
});

test('has a link-local IPv6 address on the bridge, for router advertisements', { skip }, async () => {
  const addresses = await runInNamespace(plan.namespace, ['ip', '-6', 'address', 'show', 'dev', plan.bridge]);

  assert.match(addresses, /fe80::5054:ff:fe30:ff01/);
  assert.doesNotMatch(addresses, /tentative|dadfailed/);
});

test('powers a machine on by IPMI, and the switch learns its MAC on its port', { skip, timeout: 60_000 }, async () => {
  await ipmi(plan, 'node001', 'chassis', 'bootdev', 'pxe');
  await ipmi(plan, 'node001', 'chassis', 'power', 'on');

  await waitUntil('the MAC of node001', 40_000, async () => (await snmp('.1.3.6.1.2.1.17.7.1.2.2.1.2')).includes('82.84.0.48.0.1 1'), 'see its serial log');

  assert.match(await ipmi(plan, 'node001', 'chassis', 'power', 'status'), /is on/);
  assert.match(String(readSerialLog(dir, 'node001')), /iPXE/);
  assert.match(await snmp('.1.3.6.1.2.1.17.4.3.1.2'), /82\.84\.0\.48\.0\.1 1/);
  assert.doesNotMatch(await snmp('.1.3.6.1.2.1.17.4.3.1.2'), /82\.84\.0\.48\.0\.2/);
  assert.match(await snmp('.1.3.6.1.2.1.31.1.1.1.1'), /\.10002 "GigabitEthernet0\/2"/);
});

test('resets a machine once, though ipmitool repeats what is answered late', { skip, timeout: 60_000 }, async () => {
  const first = machinePid(dir, 'node001');
  await ipmi(plan, 'node001', 'chassis', 'power', 'reset');
  const second = machinePid(dir, 'node001');
  await runProgram([labScript('chassis.sh'), path.join(dir, 'machines', 'node001'), 'set', 'reset', '1']);

  assert.notEqual(second, first);
  assert.equal(machinePid(dir, 'node001'), second);
});

test('says off when the plug was pulled, and boots the disk when told so, once', { skip, timeout: 60_000 }, async () => {
  await pullPlug(dir, 'node001');
  assert.match(await ipmi(plan, 'node001', 'chassis', 'power', 'status'), /is off/);
  await changeDisk(plan, 'node001', 'none');
  await ipmi(plan, 'node001', 'chassis', 'bootdev', 'disk');
  assert.match(await ipmi(plan, 'node001', 'chassis', 'bootparam', 'get', '5'), /Hard-Drive/);

  await ipmi(plan, 'node001', 'chassis', 'power', 'on');

  assert.match(chassisLog('node001').at(-1) ?? '', /start disk-first/);
  assert.ok(!commandLine(machinePid(dir, 'node001') ?? 0).join(' ').includes('virtio-blk'));
  await ipmi(plan, 'node001', 'chassis', 'power', 'off');
  await waitUntil('power off', 5000, () => powerState(dir, 'node001') === 'off', 'see chassis.log');
  await changeDisk(plan, 'node001', 'present');
  await ipmi(plan, 'node001', 'chassis', 'power', 'on');
  assert.match(chassisLog('node001').at(-1) ?? '', /start network-first/);
  assert.ok(commandLine(machinePid(dir, 'node001') ?? 0).join(' ').includes('virtio-blk'));
});

test('refuses a wrong password', { skip, timeout: 60_000 }, async () => {
  const wrong = ['ipmitool', '-C', '3', '-I', 'lanplus', '-N', '1', '-R', '1', '-H', '10.31.1.1', '-U', 'admin', '-P', 'wrong'];

  await assert.rejects(runInNamespace(plan.namespace, [...wrong, 'chassis', 'power', 'status']), /session/i);
});

test('repairs a lab whose switch died, and spares its disks', { skip, timeout: 60_000 }, async () => {
  const disk = statSync(path.join(dir, 'machines', 'node001', 'disk.qcow2')).ino;
  process.kill(Number(readFileSync(path.join(dir, 'switch', 'snmpd.pid'), 'utf8')), 'SIGKILL');
  await waitUntil('the death', 5000, () => labStatus(dir).state === 'broken', 'see ps');
  assert.deepEqual(labStatus(dir).missing, ['switch']);

  const { built } = await labUp(options);

  assert.equal(built, true);
  assert.equal(labStatus(dir).state, 'up');
  assert.equal(statSync(path.join(dir, 'machines', 'node001', 'disk.qcow2')).ino, disk);
});

test('leaves nothing', { skip, timeout: 60_000 }, async () => {
  await ipmi(plan, 'node002', 'chassis', 'power', 'on');
  const pids = namespacePids(plan.namespace);
  assert.ok(pids.length > 4);

  assert.equal(await labDown(dir), true);

  assert.equal(namespaceExists(plan.namespace), false);
  assert.deepEqual(pids.filter((pid) => commandLine(pid).length > 0), []);
  assert.equal(existsSync(dir), false);
  assert.equal(readFileSync('/proc/self/mountinfo', 'utf8').includes(plan.namespace), false);
});

function chassisLog(machine: string): string[] {
  return readFileSync(path.join(dir, 'machines', machine, 'chassis.log'), 'utf8').trim().split('\n');
}
