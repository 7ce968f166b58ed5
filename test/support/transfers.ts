import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Begun, beginOn } from './begun-process.ts';
import type { LanHost } from './lan.ts';

/** A download that goes on until all is there. */
export interface Transfer extends Begun {
  /** Bytes that have arrived. */
  arrived(): number;
  /** What it has; empty before the first byte. */
  content(): Buffer;
  /** What it noted of its attempts. */
  log(): string;
}

/** What is asked for `…/$1`, from the address `$2`, into the files `$3` and its log `$4`. */
const scripts = {
  // Goes on by itself where a connection ended.
  wget: 'exec wget --no-verbose --server-response --tries=0 --retry-connrefused --waitretry=1 --timeout=20 --limit-rate=800k --bind-address="$2" --output-document="$3" --append-output="$4" "http://$1"',
  curl: 'until curl --silent --fail --continue-at - --limit-rate 800k --interface "$2" --output "$3" --dump-header - "http://$1" >>"$4"; do sleep 0.3; done',
  // Like a ROM: what was not whole is fetched anew.
  tftp: 'until curl --silent --interface "$2" --output "$3" --speed-limit 1 --speed-time 3 "tftp://$1"; do echo anew >>"$4"; sleep 0.3; done',
};

/** Begins a download by a real client, with its files in `folder`. */
export function download(host: LanHost, client: keyof typeof scripts, { url, address, folder }: { url: string; address: string; folder: string }): Transfer {
  const [file, log] = [join(folder, address), join(folder, `${address}.log`)];
  const read = (path: string): Buffer => (existsSync(path) ? readFileSync(path) : Buffer.alloc(0));
  return {
    ...beginOn(host, 'sh', '-c', scripts[client], client, url, address, file, log),
    arrived: () => statSync(file, { throwIfNoEntry: false })?.size ?? 0,
    content: () => read(file),
    log: () => read(log).toString('latin1'),
  };
}
