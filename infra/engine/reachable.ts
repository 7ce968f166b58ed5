import { connect } from 'node:net';

/**
 * Rejects with the reason when nobody answers at an address: `tcp://host:port`, `http://host:port/…`, `unix:/path`.
 * Others (`udp://…`) can't be asked and count as reachable.
 */
export async function reachable(address: string, deadlineMs = 2000): Promise<void> {
  const target = socketTarget(address);
  if (!target) return;
  await new Promise<void>((resolve, reject) => {
    const socket = connect(target);
    socket.setTimeout(deadlineMs, () => { socket.destroy(new Error(`no answer within ${deadlineMs / 1000} s`)); });
    socket.once('connect', () => { socket.destroy(); resolve(); });
    socket.once('error', (error) => { reject(new Error(`${address}: ${error.message}`)); });
  });
}

function socketTarget(address: string): { path: string } | { host: string; port: number } | undefined {
  if (address.startsWith('unix:')) return { path: address.slice('unix:'.length) };
  if (!/^(tcp|http):\/\//.test(address) || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 80) };
}
