import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bmcConfig } from '../../../../infra/lab/bmc.ts';
import { type LabOptions, planLab } from '../../../../infra/lab/plan.ts';
import { type BootOrder, qemuCommand } from '../../../../infra/lab/qemu.ts';
import { snmpdConfig } from '../../../../infra/lab/switch.ts';

function command(options: Partial<LabOptions> = {}, order: BootOrder = 'network-first'): string {
  const plan = planLab({ dir: '/tmp/lab', nodes: 1, ...options });
  const [machine] = plan.machines;
  assert.ok(machine);
  return qemuCommand(plan.dir, machine, order).join(' ');
}

test('boots in the order it is told', () => {
  assert.match(command(), /52:54:00:30:00:01,bootindex=1 .*disk0,bootindex=2/);
  assert.match(command({}, 'disk-first'), /52:54:00:30:00:01,bootindex=2 .*disk0,bootindex=1/);
});

test("gives a UEFI machine OVMF's own PXE and variables of its own", () => {
  const uefi = command({ firmware: ['uefi'] });

  assert.match(uefi, /bootindex=1,romfile= /);
  assert.match(uefi, /unit=1,file=\/tmp\/lab\/machines\/node001\/vars\.fd/);
  assert.doesNotMatch(command(), /pflash|romfile/);
});

test('lets a UEFI machine boot over the one network protocol that its kind is for', () => {
  const supports = (firmware: 'uefi' | 'uefi-http' | 'uefi-ipv6'): RegExpMatchArray | null => command({ firmware: [firmware] }).match(/(?<=IPv[46]PXESupport,string=)[yn]/g);

  assert.deepEqual([...supports('uefi') ?? []], ['y', 'n']);
  assert.deepEqual([...supports('uefi-http') ?? []], ['n', 'n']);
  assert.deepEqual([...supports('uefi-ipv6') ?? []], ['n', 'y']);
});

test("gives a machine with Secure Boot firmware that holds Microsoft's keys", () => {
  const secure = command({ firmware: ['uefi-secure'] });

  assert.match(secure, /smm=on .*OVMF_CODE_4M\.ms\.fd/);
});

test('gives an Arm machine its own emulator and CPU, and no ISA bus for a BMC', () => {
  const arm = command({ firmware: ['arm64'], cpu: 'qemu64' });

  assert.match(arm, /^qemu-system-aarch64 .*-cpu cortex-a57 .*-machine virt/);
  assert.doesNotMatch(arm, /ipmi/);
});

test('gives a diskless machine no disk', () => {
  assert.doesNotMatch(command({ diskless: ['node001'] }), /virtio-blk/);
});

test("joins the machine, its BMC and its console by the same ports", () => {
  const plan = planLab({ dir: '/tmp/lab', nodes: 2 });
  const machine = plan.machines[1];
  assert.ok(machine);

  const config = bmcConfig(plan, machine, 'hush');

  assert.match(config, /addr 10\.31\.1\.2 623/);
  assert.match(config, new RegExp(`serial 15 127\\.0\\.0\\.1 ${machine.inBandPort} codec VM`));
  assert.match(config, new RegExp(`sol "tcp:127\\.0\\.0\\.1:${machine.consolePort}"`));
  assert.match(config, /user 2 true "admin" "hush" admin/);
  assert.ok(qemuCommand(plan.dir, machine, 'network-first').includes(`socket,id=bmc0,host=127.0.0.1,port=${machine.inBandPort},reconnect=1`));
});

test('lets the agent answer for the bridge tables of the switch', () => {
  const config = snmpdConfig(planLab({ dir: '/tmp/lab' }), ['/node', '/switch-agent.ts', 'br0']);

  assert.match(config, /^agentAddress udp:10\.31\.0\.2:161$/m);
  assert.match(config, /^pass_persist \.1\.3\.6\.1\.2\.1\.17 \/node \/switch-agent\.ts br0$/m);
});
