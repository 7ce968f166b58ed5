import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { labFiles } from './files.ts';
import { runInNamespace, startInNamespace } from './namespace.ts';
import type { LabPlan } from './plan.ts';
import { siblingProcess } from './sibling.ts';
import { waitUntil } from './wait-until.ts';

const sysName = '.1.3.6.1.2.1.1.5.0';

/** Starts the SNMP switch of the site: Debian's snmpd, whose bridge tables come from `switch-agent`. */
export async function startSwitch(plan: LabPlan): Promise<void> {
  const dir = labFiles(plan.dir).switch;
  mkdirSync(dir, { recursive: true });
  const config = path.join(dir, 'snmpd.conf');
  writeFileSync(config, snmpdConfig(plan, siblingProcess('switch-agent', plan.bridge)));
  // Without -I, snmpd's own interface tables would hide the agent's, and smux would listen on every address.
  const argv = ['snmpd', '-f', '-r', '-Lo', '-C', '-c', config, '-I', '-ifTable,ifXTable,smux', '-p', path.join(dir, 'snmpd.pid')];
  const log = path.join(labFiles(plan.dir).log, 'switch.log');
  await startInNamespace(plan.namespace, argv, log, { SNMP_PERSISTENT_DIR: path.join(dir, 'persistent') });
  const probe = ['snmpget', '-v2c', '-c', plan.community, '-t', '1', '-r', '0', '-Oqv', plan.switchAddress, sysName];
  const answers = (): Promise<boolean> => runInNamespace(plan.namespace, probe).then((name) => name.includes(plan.switchName), () => false);
  await waitUntil(`an SNMP answer of ${plan.switchName}`, 15_000, answers, `see ${log}`);
}

/** snmpd.conf of the switch. Pure. */
export function snmpdConfig(plan: LabPlan, agent: readonly string[]): string {
  const pass = (oid: string): string => `pass_persist ${oid} ${agent.join(' ')}`;
  return [
    `agentAddress udp:${plan.switchAddress}:161`,
    'dontLogTCPWrappersConnects yes',
    `rocommunity ${plan.community}`,
    `sysName ${plan.switchName}`,
    'sysDescr Switch of a luna lab (Linux bridge)',
    pass('.1.3.6.1.2.1.2.2.1'),
    pass('.1.3.6.1.2.1.17'),
    pass('.1.3.6.1.2.1.31.1.1.1'),
    '',
  ].join('\n');
}
