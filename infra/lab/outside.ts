import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { AddressInfo, Server } from 'node:net';
import { forwardSocket, labFiles } from './files.ts';
import { forward } from './forward.ts';
import { requireLabState } from './state.ts';

// A process: `outside DIR`, on the host. It makes ports of the controller's loopback reachable at the host's 127.0.0.1: at
// the same number when that is free, else at any. Which ones it got stands in DIR/forward/ports.json.

const { plan } = requireLabState(path.resolve(process.argv[2] ?? '.'));

async function onHost(port: number): Promise<Server> {
  const target = { path: forwardSocket(plan.dir, port) };
  return forward({ host: '127.0.0.1', port }, target).catch(() => forward({ host: '127.0.0.1', port: 0 }, target));
}

const ports: Record<string, number> = {};
for (const port of plan.forwardPorts) {
  const server = await onHost(port);
  ports[String(port)] = (server.address() as AddressInfo).port;
}
const file = path.join(labFiles(plan.dir).forward, 'ports.json');
writeFileSync(`${file}.new`, JSON.stringify(ports));
renameSync(`${file}.new`, file);
