import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSecondsOfTree } from '../support/cpu.ts';
import { serverAddress, serverDevice } from './clients.ts';

/** A TFTP server that runs. */
export interface Server {
  /** CPU seconds of it and of the children that it has seen end. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

/** How each server is started, to serve one file of a folder read-only at port 69. tftp-hpa and dnsmasq as root, as luna. */
const commands: Record<string, (folder: string, file: string) => string[]> = {
  luna: (folder, file) => [process.execPath, join(import.meta.dirname, 'luna-server.ts'), serverDevice, serverAddress, folder, file],
  'tftp-hpa': (folder) => ['/usr/sbin/in.tftpd', '--foreground', '--address', `${serverAddress}:69`, '--user', 'root', '--secure', folder],
  dnsmasq: (folder) => [
    '/usr/sbin/dnsmasq', '--keep-in-foreground', '--conf-file=/dev/null', '--port=0', '--user=root', '--log-facility=-', '--pid-file=',
    `--listen-address=${serverAddress}`, '--bind-interfaces', '--enable-tftp', `--tftp-root=${folder}`, '--tftp-max=1000',
  ],
};

/** In the order of the table. */
export const serverNames: readonly string[] = Object.keys(commands);

/** Starts a server and waits until it serves. */
export async function startServer(name: string, folder: string, file: string): Promise<Server> {
  const [program = '', ...args] = commands[name]?.(folder, file) ?? [];
  const log = openSync(join(folder, '..', `${name}.log`), 'a');
  const child = spawn(program, args, { stdio: ['ignore', log, log] });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} could not be started. Next: apt-get install tftpd-hpa dnsmasq-base`);
  await untilListening(name, child);
  return {
    cpuSeconds: () => cpuSecondsOfTree(pid),
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

async function untilListening(name: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    // Port 69 in hex, in the local address of some socket of this network.
    if (/^ *\d+: [0-9A-F]{8}:0045 /m.test(readFileSync('/proc/net/udp', 'utf8'))) return;
    if (Date.now() > deadline) throw new Error(`${name} did not listen within 20 s`);
    await sleep(50);
  }
}
