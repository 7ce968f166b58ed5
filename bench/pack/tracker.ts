import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A tracker that knows of nobody: its announce URL, and its end. */
export interface EmptyTracker { announce: string; stop(): void }

/** Starts one on loopback: the peer begins when a tracker has answered it (BEP 3, BEP 23). */
export async function emptyTracker(): Promise<EmptyTracker> {
  const server = createServer((_req, res) => { res.end('d8:intervali60e5:peers0:e'); });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  return { announce: `http://127.0.0.1:${port}/announce`, stop: () => { server.close(); server.closeAllConnections(); } };
}
