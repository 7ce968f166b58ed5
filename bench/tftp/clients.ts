import { spawn } from 'node:child_process';

/** Where the servers listen: what an address of the loopback gets comes by it and is answered by it. */
export const serverAddress = '10.31.0.1';
export const serverDevice = 'lo';

/** The block size of PXE ROMs and of OVMF: what fits into one Ethernet frame. */
const BLOCK = 1468;
const DEADLINE_S = 60;

/** Lets one machine (curl, from an address of its own) fetch the file so many times, one after the other. Returns the bytes; throws when one fails. */
export async function download(machine: number, file: string, times: number): Promise<number> {
  const url = `tftp://${serverAddress}/${file}`;
  const args = [
    '-sS', '--fail-early', '--interface', `10.30.${1 + (machine >> 8)}.${machine & 255}`, '--tftp-blksize', `${BLOCK}`, '--max-time', `${DEADLINE_S}`,
    '-w', '%{size_download}\n', ...Array.from({ length: times }, () => ['-o', '/dev/null', url]).flat(),
  ];
  const child = spawn('curl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [told, complaint] = ['', ''];
  child.stdout.on('data', (text: Buffer) => { told += text.toString(); });
  child.stderr.on('data', (text: Buffer) => { complaint += text.toString(); });
  const status = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (status !== 0) throw new Error(`curl of machine ${machine} ended with ${status}: ${complaint.trim()}`);
  return told.split('\n').reduce((sum, line) => sum + Number(line), 0);
}
