import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { controllerAddress } from '../support/own-network.ts';

/** A running nginx. */
export interface Nginx {
  url: string;
  /** Its processes that serve. */
  pids: readonly number[];
  stop(): Promise<void>;
}

const PROGRAM = '/usr/sbin/nginx';
const PORT = 8080;

/** Starts nginx for the files of a folder, set up for large ones: the kernel copies them, a worker for each core, no log. */
export async function startNginx(folder: string): Promise<Nginx> {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing. Next: apt-get install --no-install-recommends nginx`);
  const own = mkdtempSync('/var/tmp/luna-nginx-');
  const file = join(own, 'nginx.conf');
  writeFileSync(file, `
    user root; daemon off; worker_processes auto; pid ${own}/pid; error_log stderr error;
    events { worker_connections 4096; }
    http {
      access_log off; sendfile on; tcp_nopush on; keepalive_timeout 30;
      client_body_temp_path ${own}/body; proxy_temp_path ${own}/proxy; fastcgi_temp_path ${own}/fastcgi; uwsgi_temp_path ${own}/uwsgi; scgi_temp_path ${own}/scgi;
      server { listen ${controllerAddress}:${PORT}; root ${folder}; }
    }`);
  const child = spawn(PROGRAM, ['-c', file, '-p', own], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise<void>((resolve) => { child.once('exit', () => { resolve(); }); });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    rmSync(own, { recursive: true, force: true });
  };
  const deadline = Date.now() + 10_000;
  while (!await listens()) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error('nginx did not start; see above');
    await sleep(50);
  }
  const children = readFileSync(`/proc/${String(child.pid)}/task/${String(child.pid)}/children`, 'utf8').trim().split(' ').map(Number);
  return { url: `http://${controllerAddress}:${PORT}`, pids: [child.pid ?? 0, ...children], stop };
}

function listens(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(PORT, controllerAddress);
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => { resolve(false); });
  });
}
