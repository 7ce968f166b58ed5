import { existsSync } from 'node:fs';
import { runInNamespace } from './namespace.ts';
import type { LabPlan } from './plan.ts';
import { runProgram } from './run-program.ts';

/**
 * Builds the controller's network: a bridge that is at once the controller's interface and the switch of the site, with a
 * tap per machine, and a second one for the BMCs' network, which nothing but local addresses lives on.
 */
export async function buildNetwork(plan: LabPlan): Promise<void> {
  await runProgram(['ip', 'netns', 'add', plan.namespace]);
  const batch = networkCommands(plan);
  for (const argv of batch) await runInNamespace(plan.namespace, argv);
  await setSysctls(plan);
}

/** The commands of `buildNetwork`, in order; pure. */
export function networkCommands(plan: LabPlan): string[][] {
  const { bridge, ipmiBridge, prefixLength } = plan;
  const address = (ip: string, device: string): string => `ip address add ${ip}/${prefixLength} dev ${device}`;
  const lines = [
    'ip link set lo up',
    // A bridge without a fixed MAC takes the lowest of its ports', so it would change while machines come and go.
    // ageing_time is in hundredths of a second: 300 s, what real switches do.
    `ip link add ${bridge} address ${plan.bridgeMac} type bridge stp_state 0 forward_delay 0 ageing_time 30000`,
    `ip link add ${ipmiBridge} type bridge stp_state 0 forward_delay 0`,
    ...plan.machines.map((machine) => `ip tuntap add dev ${machine.tap} mode tap`),
    ...plan.machines.map((machine) => `ip link set ${machine.tap} master ${bridge} up`),
    `ip link set ${bridge} up`,
    `ip link set ${ipmiBridge} up`,
    address(plan.controllerAddress, bridge),
    address(plan.controllerIpmiAddress, ipmiBridge),
    address(plan.switchAddress, ipmiBridge),
    ...plan.machines.map((machine) => address(machine.bmcAddress, ipmiBridge)),
  ];
  return lines.map((line) => line.split(' '));
}

/** Kernel settings of the namespace. IPv6 stays on br0: the boot service sends router advertisements there. */
async function setSysctls(plan: LabPlan): Promise<void> {
  const settings = [
    'net.bridge.bridge-nf-call-iptables=0',
    'net.bridge.bridge-nf-call-ip6tables=0',
    'net.bridge.bridge-nf-call-arptables=0',
    `net.ipv6.conf.${plan.ipmiBridge}.disable_ipv6=1`,
    ...plan.machines.map((machine) => `net.ipv6.conf.${machine.tap}.disable_ipv6=1`),
  ];
  const script = settings
    .map((setting) => setting.split('='))
    .map(([name = '', value = '']) => [`/proc/sys/${name.replaceAll('.', '/')}`, value])
    .map(([file, value]) => `[ ! -e ${file} ] || echo ${value} > ${file}`)
    .join('\n');
  await runInNamespace(plan.namespace, ['sh', '-c', script]);
  if (existsSync('/proc/sys/net/ipv6')) await withoutDad(plan);
}

/** Duplicate detection would leave br0's link-local address "tentative" until the first machine runs; nobody else is here. */
async function withoutDad(plan: LabPlan): Promise<void> {
  const ipv6 = `/proc/sys/net/ipv6/conf/${plan.bridge}`;
  await runInNamespace(plan.namespace, ['sh', '-c', `echo 0 > ${ipv6}/accept_dad; echo 1 > ${ipv6}/disable_ipv6; echo 0 > ${ipv6}/disable_ipv6`]);
}
