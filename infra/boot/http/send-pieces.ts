import type { FileHandle } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import type { Piece } from './file-answer.ts';
import { kernelCopy, type KernelCopy } from './kernel-copy.ts';
import type { Transfer, Transfers } from './transfers.ts';

/** Beside the kernel's copying, blocks only tell when a connection takes more. */
const SMALL_BLOCK = 32 * 1024;
/** Where all bytes pass through this process, fewer and larger blocks cost less. */
const LARGE_BLOCK = 256 * 1024;

/**
 * Sends an answer's body, at the pace of the client and with one block of memory, and ends the answer. Resolves with the
 * bytes that went; rejects when the client went away or was too slow, or the file became shorter: the connection is closed then.
 */
export async function sendPieces(res: ServerResponse, file: FileHandle, pieces: readonly Piece[], transfers: Transfers): Promise<number> {
  const kernel = res.socket === null ? null : kernelCopy(res.socket);
  // Not as an error of the connection: that would count as a malformed request.
  let slow = false;
  const transfer = transfers.begin(() => {
    slow = true;
    res.destroy();
  }, () => kernel?.unconfirmed() ?? 0);
  try {
    for (const piece of pieces) {
      if (typeof piece === 'string') await write(res, Buffer.from(piece, 'latin1'), transfer);
      else await sendRange(res, file, piece, kernel, transfer);
    }
    res.end();
    return transfer.handed;
  } catch (error) {
    res.destroy();
    throw slow ? new Error('the client was too slow') : error;
  } finally {
    transfer.end();
    kernel?.close();
  }
}

async function sendRange(res: ServerResponse, file: FileHandle, { start, end }: { start: number; end: number }, kernel: KernelCopy | null, transfer: Transfer): Promise<void> {
  let block = Buffer.allocUnsafe(Math.min(kernel === null ? LARGE_BLOCK : SMALL_BLOCK, end - start));
  for (let at = start; at < end;) {
    const { bytesRead } = await file.read(block, 0, Math.min(block.length, end - at), at);
    if (bytesRead === 0) throw new Error('the file became shorter while it was sent');
    await write(res, block.subarray(0, bytesRead), transfer);
    at += bytesRead;
    if (kernel === null || at === end) continue;
    const copied = await kernel.some(file.fd, at, end);
    transfer.handed += copied;
    at += copied;
    // A file system that the kernel can't copy from, or a connection that is full again: then by blocks worth their while.
    const size = Math.min(copied === 0 ? LARGE_BLOCK : SMALL_BLOCK, end - start);
    if (block.length !== size) block = Buffer.allocUnsafe(size);
  }
}

/** Resolves when the connection has taken the bytes; rejects when it was closed instead. */
function write(res: ServerResponse, bytes: Uint8Array, transfer: Transfer): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = (): void => { reject(new Error('the client went away')); };
    if (res.destroyed || res.socket?.destroyed) {
      gone();
      return;
    }
    res.once('close', gone);
    res.write(bytes, (error) => {
      res.off('close', gone);
      transfer.handed += bytes.length;
      if (error) reject(error);
      else resolve();
    });
  });
}
