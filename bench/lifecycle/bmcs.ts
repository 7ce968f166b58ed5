import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Management controllers that are files: luna finds the stand-in for ipmitool where it looks for ipmitool. */
export interface Bmcs {
  /** Calls back, with the BMC's address, each time a machine that was off is switched on. */
  onPower(switchedOn: (address: string) => void): void;
  stop(): void;
}

/** Puts the stand-in first on this process's PATH, which what is started later inherits; every machine is off. */
export function standInBmcs(addresses: readonly string[]): Bmcs {
  const folder = mkdtempSync(join(tmpdir(), 'luna-bench-bmcs-'));
  const program = join(folder, 'ipmitool');
  copyFileSync(join(import.meta.dirname, 'ipmitool.sh'), program);
  chmodSync(program, 0o755);
  const bmcs = join(folder, 'bmcs');
  mkdirSync(bmcs);
  for (const address of addresses) writeFileSync(join(bmcs, address), 'off\n');
  process.env.PATH = `${folder}${delimiter}${process.env.PATH ?? ''}`;

  const on = new Set<string>();
  const listeners: ((address: string) => void)[] = [];
  const watcher = watch(bmcs, (_event, address) => {
    if (address === null) return;
    const power = readFileSync(join(bmcs, address), 'utf8').trim();
    if (power === 'off') on.delete(address);
    if (power !== 'on' || on.has(address)) return;
    on.add(address);
    for (const listener of listeners) listener(address);
  });
  return {
    onPower: (listener) => { listeners.push(listener); },
    stop() {
      watcher.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
