import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { labFiles, machineFiles } from './files.ts';
import { runInNamespace, startInNamespace } from './namespace.ts';
import type { LabPlan, MachinePlan } from './plan.ts';
import { labScript } from './sibling.ts';
import { waitUntil } from './wait-until.ts';

/** Starts a machine's BMC: ipmi_sim, whose chassis is the QEMU machine. Its configuration holds the password, so it is 0600. */
export async function startBmc(plan: LabPlan, machine: MachinePlan, password: string): Promise<void> {
  const dir = path.join(labFiles(plan.dir).bmcs, machine.name);
  mkdirSync(path.join(dir, 'state'), { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  const file = (name: string): string => path.join(dir, name);
  writeFileSync(file('lan.conf'), bmcConfig(plan, machine, password), { mode: 0o600 });
  writeFileSync(file('sim.emu'), emulation);
  writeFileSync(file('lan'), lanSettings(plan, machine));
  const log = path.join(labFiles(plan.dir).log, `bmc-${machine.name}.log`);
  await startInNamespace(plan.namespace, ['ipmi_sim', '-n', '-c', file('lan.conf'), '-f', file('sim.emu'), '-s', file('state')], log);
  const passwordFile = labFiles(plan.dir).bmcPassword;
  const probe = ['ipmitool', '-C', '3', '-I', 'lanplus', '-N', '1', '-R', '1', '-H', machine.bmcAddress, '-U', plan.bmcUser, '-f', passwordFile];
  const answers = (): Promise<boolean> => runInNamespace(plan.namespace, [...probe, 'chassis', 'power', 'status']).then(() => true, () => false);
  await waitUntil(`an IPMI answer of ${machine.name}'s BMC at ${machine.bmcAddress}`, 15_000, answers, `see ${log}`);
}

/** ipmi_sim's LAN configuration of a machine's BMC. Pure. */
export function bmcConfig(plan: LabPlan, machine: MachinePlan, password: string): string {
  const bmcDir = path.join(labFiles(plan.dir).bmcs, machine.name);
  const levels = ['callback', 'user', 'operator', 'admin'];
  return [
    `name "${machine.name}"`,
    'set_working_mc 0x20',
    'startlan 1',
    `addr ${machine.bmcAddress} 623`,
    'priv_limit admin',
    ...levels.map((level) => `allowed_auths_${level} none md2 md5 straight`),
    `guid ${machine.uuid.replaceAll('-', '')}`,
    `lan_config_program "${labScript('lan-control.sh')} ${bmcDir}"`,
    'endlan',
    `chassis_control "${labScript('chassis.sh')} ${machineFiles(plan.dir, machine.name).dir}"`,
    `serial 15 127.0.0.1 ${machine.inBandPort} codec VM`,
    // Plain tcp: over telnet: a session opens and carries nothing.
    `sol "tcp:127.0.0.1:${machine.consolePort}" 115200`,
    'user 1 false "" "" user 10 none md2 md5 straight',
    `user 2 true "${plan.bmcUser}" "${password}" admin 10 none md2 md5 straight`,
    '',
  ].join('\n');
}

/** A management controller with an event log, as a server's mainboard has it. */
const emulation = [
  'mc_setbmc 0x20',
  'mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02',
  'sel_enable 0x20 1000 0x0a',
  'mc_enable 0x20',
  '',
].join('\n');

/** What `ipmitool lan print` shows until somebody sets something else. */
function lanSettings(plan: LabPlan, machine: MachinePlan): string {
  const mac = `52:54:00:31:00:${machine.number.toString(16).padStart(2, '0')}`;
  return [
    `ip_addr:${machine.bmcAddress}`,
    'ip_addr_src:static',
    `mac_addr:${mac}`,
    'subnet_mask:255.255.0.0',
    `default_gw_ip_addr:${plan.controllerIpmiAddress}`,
    '',
  ].join('\n');
}
