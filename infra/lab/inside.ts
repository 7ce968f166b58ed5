import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { startConsoleHub } from './console-hub.ts';
import { forwardSocket, labFiles, machineFiles } from './files.ts';
import { forward } from './forward.ts';
import { requireLabState } from './state.ts';

// A process: `inside DIR`, in the controller's namespace. It holds the machines' consoles, and the inner ends of what is
// forwarded to the host.

const { plan } = requireLabState(path.resolve(process.argv[2] ?? '.'));

mkdirSync(labFiles(plan.dir).forward, { recursive: true, mode: 0o700 });
for (const port of plan.forwardPorts) {
  const socket = forwardSocket(plan.dir, port);
  rmSync(socket, { force: true });
  await forward({ path: socket }, { host: '127.0.0.1', port });
}
for (const machine of plan.machines) {
  const { serialSocket, consoleSocket } = machineFiles(plan.dir, machine.name);
  const people = [{ path: consoleSocket }, { host: '127.0.0.1', port: machine.consolePort }];
  await startConsoleHub({ machine: { path: serialSocket }, people });
}
process.stdout.write(`lab ${plan.name}: consoles and forwards are ready\n`);
