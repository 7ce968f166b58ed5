import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Read at once: what a processor's cache holds, and few calls. */
const BLOCK = 1024 * 1024;
/** How long the writer is given to write more. */
const PAUSE_MS = 20;

/**
 * Reads a file from its beginning while another process writes it, until that has ended and all is read. `take` is given
 * each part, which is valid until it returns. The bytes are still in memory then, and come into this process once.
 */
export async function followFile(path: string, ended: Promise<unknown>, take: (part: Uint8Array) => void): Promise<void> {
  let over = false;
  const end = (): void => { over = true; };
  ended.then(end, end);
  const file = await open(path);
  try {
    const buffer = Buffer.allocUnsafe(BLOCK);
    for (let at = 0; ;) {
      // Asked before the read: what is written after the writer has ended does not exist.
      const last = over;
      const { bytesRead } = await file.read(buffer, 0, BLOCK, at);
      if (bytesRead > 0) take(buffer.subarray(0, bytesRead));
      else if (last) return;
      else await sleep(PAUSE_MS);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}
