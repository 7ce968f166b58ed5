import type { Server } from 'node:net';

/**
 * Listens on a unix socket that this user alone can open: it is made with nobody else's permissions, so that there is no
 * moment in which others could. What lay at the path must be gone. Rejects with the system's error.
 */
export async function listenPrivately(server: Server, path: string): Promise<void> {
  const mask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
  } finally {
    process.umask(mask);
  }
}
