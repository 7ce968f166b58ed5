import type { LabStatus } from '../infra/lab/status.ts';
import { table } from './table.ts';

/** The text of `luna lab status`. */
export function renderLabStatus(status: LabStatus): string {
  if (status.state === 'absent') return `There is no lab in ${status.dir}. Build one: luna lab up --nodes 2`;
  const machines = table([
    { title: 'Machine', cell: (one) => one.name },
    { title: 'Power', cell: (one) => one.power },
    { title: 'PID', cell: (one) => one.pid },
    { title: 'Firmware', cell: (one) => one.firmware },
    { title: 'Disk', cell: (one) => one.disk },
    { title: 'MAC', cell: (one) => one.mac },
    { title: 'Port', cell: (one) => one.port },
    { title: 'BMC', cell: (one) => (one.bmc ? one.bmcAddress : `${one.bmcAddress} (dead)`) },
  ], status.machines);
  const lines = [machines, `Namespace: ${status.namespace}; directory: ${status.dir}`];
  if (status.controller !== null) lines.push(`Controller: LUNA_DATA=${status.controller}`);
  if (status.webUi !== null) lines.push(`Temporal's Web UI: ${status.webUi}`);
  if (status.missing.length > 0) lines.push(`Broken, missing: ${status.missing.join(', ')}. Repair it: luna lab up, with the flags it was built with`);
  return lines.join('\n');
}
