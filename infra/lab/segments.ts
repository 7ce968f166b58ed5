import path from 'node:path';
import { labFiles } from './files.ts';
import { namespaceExists, runInNamespace, startInNamespace } from './namespace.ts';
import type { LabPlan } from './plan.ts';
import { runProgram } from './run-program.ts';

/**
 * Where on the site's network a machine stands: on the controller's own wire, on a second interface of the controller, or
 * behind a router with a DHCP relay.
 */
export const SEGMENTS = ['near', 'second', 'relayed'] as const;

export type Segment = (typeof SEGMENTS)[number];

/** The two further networks of a lab that has them. `router`: the address by which machines there reach the controller. */
export const FURTHER = {
  second: { bridge: 'br1', network: '10.32.0.0', router: '10.32.0.1' },
  relayed: { bridge: 'br2', network: '10.33.0.0', router: '10.33.0.1' },
} as const;

/** tc's notation of a BPF program that drops every packet: one word. */
const DROP_ALL = '1,6 0 0 2';

/** A command as its words. */
export const words = (line: string): string[] => line.split(' ');

/** The relay's address on the controller's wire. */
const RELAY_NEAR = '10.30.255.253';

/** The namespace of the router that is the relay. */
const relayNamespace = (plan: LabPlan): string => `${plan.namespace}-relay`;

/** The bridge that a machine's port is on. */
export function bridgeOf(plan: LabPlan, segment: Segment): string {
  return segment === 'near' ? plan.bridge : FURTHER[segment].bridge;
}

/** Which of the further networks a lab's machines stand on. */
export function furtherOf(plan: LabPlan): Exclude<Segment, 'near'>[] {
  return (['second', 'relayed'] as const).filter((segment) => plan.machines.some((machine) => machine.segment === segment));
}

/**
 * The commands that make the bridges of further networks, before the machines' ports are put on them. The relayed one has
 * no address of the controller's: it is a wire of its own that only happens to pass through this namespace.
 */
export function furtherBridges(plan: LabPlan): string[][] {
  return furtherOf(plan).flatMap((segment, index) => {
    const { bridge, router } = FURTHER[segment];
    const mac = `52:54:00:30:fe:0${index + 1}`;
    return [
      words(`ip link add ${bridge} address ${mac} type bridge stp_state 0 forward_delay 0 ageing_time 30000`),
      words(`ip link set ${bridge} up`),
      ...(segment === 'second' ? [...deadEnd('uplink1', 'beyond1', bridge), words(`ip address add ${router}/${plan.prefixLength} dev ${bridge}`)] : []),
    ];
  });
}

/**
 * A port that leads nowhere. While all machines are off no tap has carrier; a bridge would have none, and so no link-local
 * address to send router advertisements from. The far end must not answer ARP for the controller, nor hear DHCP.
 */
export function deadEnd(near: string, far: string, bridge: string): string[][] {
  return [
    words(`ip link add ${near} type veth peer name ${far}`),
    words(`ip link set ${far} arp off up`),
    words(`tc qdisc add dev ${far} ingress`),
    [...words(`tc filter add dev ${far} parent ffff: protocol all prio 1 bpf da bytecode`), DROP_ALL],
    words(`ip link set ${near} master ${bridge} up`),
  ];
}

/** Builds the router with the relay on it, when a machine stands behind one. */
export async function startRelay(plan: LabPlan): Promise<void> {
  if (!furtherOf(plan).includes('relayed')) return;
  const { bridge, network, router } = FURTHER.relayed;
  const namespace = relayNamespace(plan);
  if (!namespaceExists(namespace)) await runProgram(['ip', 'netns', 'add', namespace]);
  for (const line of [
    `ip link add relay0 type veth peer name up0 netns ${namespace}`,
    `ip link add relay1 type veth peer name down0 netns ${namespace}`,
    `ip link set relay0 master ${plan.bridge} up`,
    `ip link set relay1 master ${bridge} up`,
    `ip route add ${network}/${plan.prefixLength} via ${RELAY_NEAR}`,
  ]) await runInNamespace(plan.namespace, words(line));
  for (const line of [
    'ip link set lo up',
    'ip link set up0 up',
    'ip link set down0 up',
    `ip address add ${RELAY_NEAR}/${plan.prefixLength} dev up0`,
    `ip address add ${router}/${plan.prefixLength} dev down0`,
  ]) await runInNamespace(namespace, words(line));
  await runInNamespace(namespace, ['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward']);
  const log = path.join(labFiles(plan.dir).log, 'relay.log');
  await startInNamespace(namespace, ['dhcrelay', '-4', '-d', '--no-pid', '-id', 'down0', '-iu', 'up0', plan.controllerAddress], log);
}

/** The namespaces of a lab beside the controller's, to be removed with it. */
export function furtherNamespaces(plan: LabPlan): string[] {
  return [relayNamespace(plan)];
}
