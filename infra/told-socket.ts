import { mkdirSync, rmSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { dirname } from 'node:path';
import { listenPrivately } from './private-socket.ts';

/** A process that answers later than this is busy enough to be left out. */
const PATIENCE_MS = 2000;

/** Tells as JSON, to whoever may open the socket, what `values` returns for the path that is asked: root alone, and so luna's other processes. */
export async function tellOn(socketPath: string, values: (path: string) => unknown): Promise<{ stop(): Promise<void> }> {
  mkdirSync(dirname(socketPath), { recursive: true, mode: 0o700 });
  rmSync(socketPath, { force: true });
  const server = createServer((request, response) => {
    Promise.resolve(request.url ?? '/').then(values).then(
      (told) => { response.end(JSON.stringify(told)); },
      (error: unknown) => { response.writeHead(500).end(String(error)); },
    );
  });
  await listenPrivately(server, socketPath);
  return {
    stop: () => new Promise((resolve) => {
      server.close(() => { resolve(); });
      server.closeAllConnections();
    }),
  };
}

/** What another process tells on its socket. Rejects when it is dead, silent for two seconds, or can't tell. */
export async function askOn(socketPath: string, path = '/'): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = get({ socketPath, path, signal: AbortSignal.timeout(PATIENCE_MS) }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        try {
          const text = Buffer.concat(parts).toString();
          if (response.statusCode !== 200) reject(new Error(text));
          else resolve(JSON.parse(text));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
    request.on('error', reject);
  });
}
