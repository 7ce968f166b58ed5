import { existsSync } from 'node:fs';
import { runInNamespace } from './namespace.ts';
import type { LabPlan } from './plan.ts';
import { runProgram } from './run-program.ts';
import { bridgeOf, deadEnd, FURTHER, furtherBridges, furtherOf, startRelay, words } from './segments.ts';

/**
 * Builds the controller's network: a bridge that is at once the controller's interface and the switch of the site, with a
 * tap per machine, and a second one for the BMCs' network, which nothing but local addresses lives on.
 */
export async function buildNetwork(plan: LabPlan): Promise<void> {
  await runProgram(['ip', 'netns', 'add', plan.namespace]);
  for (const argv of networkCommands(plan)) await runInNamespace(plan.namespace, argv);
  await setSysctls(plan);
  await startRelay(plan);
}

/** The commands of `buildNetwork`, in order; pure. */
export function networkCommands(plan: LabPlan): string[][] {
  const { bridge, ipmiBridge, prefixLength } = plan;
  const address = (ip: string, device: string): string[] => words(`ip address add ${ip}/${prefixLength} dev ${device}`);
  return [
    words('ip link set lo up'),
    // A bridge without a fixed MAC takes the lowest of its ports', so it would change while machines come and go.
    // ageing_time is in hundredths of a second: 300 s, what real switches do.
    words(`ip link add ${bridge} address ${plan.bridgeMac} type bridge stp_state 0 forward_delay 0 ageing_time 30000`),
    words(`ip link add ${ipmiBridge} type bridge stp_state 0 forward_delay 0`),
    ...deadEnd('uplink', 'beyond', bridge),
    ...furtherBridges(plan),
    ...plan.machines.map((machine) => words(`ip tuntap add dev ${machine.tap} mode tap`)),
    ...plan.machines.map((machine) => words(`ip link set ${machine.tap} master ${bridgeOf(plan, machine.segment)} up`)),
    words(`ip link set ${bridge} up`),
    words(`ip link set ${ipmiBridge} up`),
    address(plan.controllerAddress, bridge),
    address(plan.controllerIpmiAddress, ipmiBridge),
    address(plan.switchAddress, ipmiBridge),
    ...plan.machines.map((machine) => address(machine.bmcAddress, ipmiBridge)),
  ];
}

/** Kernel settings of the namespace. IPv6 stays on the bridges that are the controller's: the boot service sends router advertisements by them. */
async function setSysctls(plan: LabPlan): Promise<void> {
  const settings = [
    'net.bridge.bridge-nf-call-iptables=0',
    'net.bridge.bridge-nf-call-ip6tables=0',
    'net.bridge.bridge-nf-call-arptables=0',
    ...[plan.ipmiBridge, 'uplink', 'beyond', 'uplink1', 'beyond1', FURTHER.relayed.bridge].map((device) => `net.ipv6.conf.${device}.disable_ipv6=1`),
    ...plan.machines.map((machine) => `net.ipv6.conf.${machine.tap}.disable_ipv6=1`),
  ];
  const script = settings
    .map((setting) => setting.split('='))
    .map(([name = '', value = '']) => [`/proc/sys/${name.replaceAll('.', '/')}`, value])
    .map(([file, value]) => `[ ! -e ${file} ] || echo ${value} > ${file}`)
    .join('\n');
  await runInNamespace(plan.namespace, ['sh', '-c', script]);
  const own = [plan.bridge, ...(furtherOf(plan).includes('second') ? [FURTHER.second.bridge] : [])];
  if (existsSync('/proc/sys/net/ipv6')) for (const bridge of own) await withoutDad(plan, bridge);
}

/** Duplicate detection would leave a bridge's link-local address "tentative" until the first machine runs; nobody else is here. */
async function withoutDad(plan: LabPlan, bridge: string): Promise<void> {
  const ipv6 = `/proc/sys/net/ipv6/conf/${bridge}`;
  await runInNamespace(plan.namespace, ['sh', '-c', `echo 0 > ${ipv6}/accept_dad; echo 1 > ${ipv6}/disable_ipv6; echo 0 > ${ipv6}/disable_ipv6`]);
}
