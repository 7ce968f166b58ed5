import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { controllerAddress } from '../support/own-network.ts';

/** A server's place and its clients', joined by one cable: network namespaces that end with this program. */
export interface Wire {
  /** What stands before a command line so that it runs beside the server, and among the clients. */
  readonly server: readonly string[];
  readonly clients: readonly string[];
  remove(): void;
}

/** The server's device, and the clients' with their address, which is a relay's. */
export const serverDevice = 'luna0';
export const clientDevice = 'wire0';
const relayAddress = '10.30.255.254';

/** Lays a cable. `here`: the server's end is in this program's own namespace, else in a new one. */
export async function layWire(here: boolean): Promise<Wire> {
  const clients = await namespace();
  const server = here ? null : await namespace();
  const inServer = server === null ? [] : entering(server);
  const inClients = entering(clients);
  const run = (prefix: readonly string[], command: string): void => {
    const [program = '', ...args] = [...prefix, ...command.split(' ')];
    execFileSync(program, args);
  };
  run(inServer, `ip link add ${serverDevice} type veth peer name ${clientDevice} netns ${clients.pid}`);
  for (const command of ['link set lo up', `address add ${controllerAddress}/16 dev ${serverDevice}`, `link set ${serverDevice} up`]) run(inServer, `ip ${command}`);
  for (const command of ['link set lo up', `address add ${relayAddress}/16 dev ${clientDevice}`, `link set ${clientDevice} up`]) run(inClients, `ip ${command}`);
  return {
    server: inServer,
    clients: inClients,
    remove() {
      clients.kill('SIGKILL');
      server?.kill('SIGKILL');
    },
  };
}

function entering(holder: ChildProcess): string[] {
  return ['nsenter', `--net=/proc/${holder.pid}/ns/net`];
}

/** A process that does nothing but keep a namespace. */
async function namespace(): Promise<ChildProcess> {
  const holder = spawn('unshare', ['--net', 'sleep', 'infinity'], { stdio: 'ignore' });
  const ours = readlinkSync('/proc/self/ns/net');
  for (let tries = 0; tries < 500; tries += 1) {
    if (holder.pid !== undefined && readlinkSync(`/proc/${holder.pid}/ns/net`) !== ours) return holder;
    await sleep(10);
  }
  throw new Error('no network namespace came up within 5 s');
}
