import { runInNamespace } from './namespace.ts';
import type { LabPlan } from './plan.ts';

/**
 * Drops every TCP and UDP packet that a machine sends from or to `port`: between machines and to the controller. It takes
 * effect at once and also for connections that exist. Blocking twice, or several ports, is fine.
 */
export async function blockPort(plan: LabPlan, port: number): Promise<void> {
  for (const { tap } of plan.machines) {
    const tc = (line: string): string[] => ['tc', ...line.split(' ')];
    await runInNamespace(plan.namespace, tc(`qdisc add dev ${tap} ingress`)).catch(ignoreExisting);
    const filter = tc(`filter replace dev ${tap} parent ffff: protocol all prio ${port} handle 1 bpf da bytecode`);
    await runInNamespace(plan.namespace, [...filter, dropPortProgram(port)]);
  }
}

/** Lets `port` pass again; nothing happens when it was not blocked. */
export async function unblockPort(plan: LabPlan, port: number): Promise<void> {
  for (const { tap } of plan.machines) {
    const filters = await runInNamespace(plan.namespace, ['tc', 'filter', 'show', 'dev', tap, 'parent', 'ffff:']).catch(() => '');
    if (!filters.includes(`pref ${port} `)) continue;
    await runInNamespace(plan.namespace, ['tc', 'filter', 'delete', 'dev', tap, 'parent', 'ffff:', 'prio', String(port)]);
  }
}

/**
 * A classic BPF program for tc, in the notation of `tcpdump -ddd` on one line: drop (2, TC_ACT_SHOT) IPv4 TCP and UDP with
 * that source or destination port, else leave the packet to the next filter (TC_ACT_UNSPEC). The kernels this runs on often
 * have neither nftables' programs installed nor tc's u32 drop action, but they have BPF.
 */
export function dropPortProgram(port: number): string {
  const program = [
    '40 0 0 12', // 0: EtherType
    '21 0 11 2048', // 1: IPv4, else pass
    '48 0 0 23', // 2: protocol
    '21 1 0 6', // 3: TCP → 5
    '21 0 8 17', // 4: UDP, else pass
    '40 0 0 20', // 5: fragment offset
    '69 6 0 8191', // 6: not the first fragment → pass
    '177 0 0 14', // 7: X = IP header length
    '72 0 0 14', // 8: source port
    `21 2 0 ${port}`, // 9: → drop
    '72 0 0 16', // 10: destination port
    `21 0 1 ${port}`, // 11: else pass
    '6 0 0 2', // 12: drop
    '6 0 0 4294967295', // 13: pass
  ];
  return [String(program.length), ...program].join(',');
}

function ignoreExisting(error: Error): string {
  if (/exclusivity|exists/i.test(error.message)) return '';
  throw error;
}
