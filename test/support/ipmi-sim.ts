import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A BMC that is only a program: what was asked of its chassis stands in a file. */
export interface BmcFiles { argv: string[]; asked(): string }

/** Answers with the power state it was given last, and notes what it is told. */
const CHASSIS = `#!/bin/sh
folder=$1 operation=$2
shift 2
if [ "$operation" = get ]; then
  for item in "$@"; do [ "$item" = power ] && echo "power:$(cat "$folder/power")" || echo "$item:0"; done
  exit 0
fi
while [ $# -ge 2 ]; do
  echo "$1 $2" >>"$folder/asked"
  [ "$1" != power ] || echo "$2" >"$folder/power"
  shift 2
done
`;

/** Writes what ipmi_sim needs to be a BMC at an address, off; `argv` starts it. */
export function ipmiSim(folder: string, { address, user, password }: { address: string; user: string; password: string }): BmcFiles {
  const file = (name: string): string => join(folder, name);
  mkdirSync(file('state'), { recursive: true });
  writeFileSync(file('power'), '0\n');
  writeFileSync(file('asked'), '');
  writeFileSync(file('chassis.sh'), CHASSIS, { mode: 0o755 });
  writeFileSync(file('lan.conf'), [
    'name "node001"', 'set_working_mc 0x20', 'startlan 1', `addr ${address} 623`, 'priv_limit admin',
    ...['callback', 'user', 'operator', 'admin'].map((level) => `allowed_auths_${level} none md2 md5 straight`),
    // Without one it speaks no IPMI 2.0.
    'guid a123456789abcdefa123456789abcdef', 'endlan', `chassis_control "${file('chassis.sh')} ${folder}"`,
    'user 1 false "" "" user 10 none md2 md5 straight', `user 3 true "${user}" "${password}" admin 10 none md2 md5 straight`, '',
  ].join('\n'));
  writeFileSync(file('sim.emu'), ['mc_setbmc 0x20', 'mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02', 'sel_enable 0x20 1000 0x0a', 'mc_enable 0x20', ''].join('\n'));
  return { argv: ['ipmi_sim', '-n', '-c', file('lan.conf'), '-f', file('sim.emu'), '-s', file('state')], asked: () => readFileSync(file('asked'), 'utf8') };
}
