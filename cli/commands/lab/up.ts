import { readFileSync } from 'node:fs';
import { Flags } from '@oclif/core';
import { LunaError } from '../../../domain/errors.ts';
import { FIRMWARE, isFirmware, type Firmware } from '../../../infra/lab/firmware.ts';
import { labUp } from '../../../infra/lab/lab.ts';
import { type LabSite, labSite } from '../../../infra/lab/site.ts';
import { type LabStatus, labStatus } from '../../../infra/lab/status.ts';
import { labSteps } from '../../../infra/lab/steps.ts';
import { LunaCommand } from '../../base.ts';
import { labDir } from '../../lab-dir.ts';
import { renderLabStatus } from '../../lab-table.ts';

/** What `luna lab up --json` prints. */
export type LabUpResult = { built: boolean; status: LabStatus; site: LabSite };

export default class LabUp extends LunaCommand {
  static override summary = 'Build a virtual site: a controller, a switch, machines with a BMC each.';
  static override description =
    'Everything lives in one network namespace: a bridge, QEMU machines, IPMI, SNMP, and `luna up` as it would run on a controller. At the end it prints the commands that declare the site to luna and install its machines. Needs root.';
  static override examples = [
    '<%= config.bin %> lab up --nodes 2',
    '<%= config.bin %> lab up --nodes 4 --firmware bios,uefi --bare',
  ];
  static override flags = {
    dir: labDir,
    nodes: Flags.integer({ summary: 'How many machines.', default: 2, min: 1, max: 64 }),
    firmware: Flags.string({ summary: 'A kind of firmware, or a list that the machines take in turn.', default: 'bios', helpValue: FIRMWARE.join('|') }),
    name: Flags.string({ summary: 'Names the network namespace.', default: 'luna-lab' }),
    memory: Flags.integer({ summary: 'MB of each machine.', default: 1536, min: 256 }),
    cpu: Flags.string({ summary: "QEMU's name of the machines' CPU.", default: 'qemu64' }),
    disk: Flags.string({ summary: "Size of each machine's disk.", default: '4G' }),
    diskless: Flags.string({ summary: 'A machine without a disk.', multiple: true, helpValue: 'node002' }),
    'bmc-user': Flags.string({ summary: "The BMCs' user.", default: 'admin' }),
    'bmc-password-file': Flags.string({ summary: "Holds the BMCs' password; one is made when this is absent." }),
    bare: Flags.boolean({ summary: 'Only the site; start no luna in it.' }),
  };

  async run(): Promise<LabUpResult> {
    const { flags } = await this.parse(LabUp);
    const passwordFile = flags['bmc-password-file'];
    const options = {
      dir: flags.dir,
      name: flags.name,
      nodes: flags.nodes,
      firmware: parseFirmware(flags.firmware),
      memoryMb: flags.memory,
      cpu: flags.cpu,
      diskSize: flags.disk,
      diskless: flags.diskless ?? [],
      bmcUser: flags['bmc-user'],
      bare: flags.bare,
      ...(passwordFile === undefined ? {} : { bmcPassword: readFileSync(passwordFile, 'utf8').trim() }),
    };
    const { built, plan } = await labUp(options, (line) => this.log(`  ${line}`));
    const status = labStatus(flags.dir);
    this.log(built ? `The lab ${plan.name} is up.` : `The lab ${plan.name} was up already; nothing was done.`);
    this.log(renderLabStatus(status));
    const site = labSite(plan);
    if (built && status.controller !== null) this.log(`\n${labSteps(site, status.dir, status.controller)}`);
    return { built, status, site };
  }
}

function parseFirmware(text: string): Firmware[] {
  return text.split(',').map((word) => {
    if (isFirmware(word)) return word;
    throw new LunaError('invalid', `--firmware ${text}: there is no firmware '${word}'`, `use ${FIRMWARE.join(', ')}, or several with commas between`);
  });
}
