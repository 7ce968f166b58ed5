import type { PartStatus } from '../infra/engine/part.ts';
import type { SupervisorState } from '../infra/engine/state-file.ts';
import type { InstanceStatus } from '../infra/engine/status.ts';
import { type Column, table } from './table.ts';

/** One line of a part that serves: its name, where it is, and what was taken for it. */
export function partLine(part: PartStatus): string {
  return [part.name.padEnd(10), part.external ? 'external' : 'ready', part.addresses.join('  '), part.note && !part.external ? `(${part.note})` : '']
    .filter((text) => text !== '').join('  ');
}

/** Prints a line for each part as it becomes ready, and each failure, once. Call it with every state. */
export function progressLines(print: (line: string) => void): (state: SupervisorState) => void {
  const told = new Set<string>();
  return (state) => {
    for (const part of state.parts) {
      if (part.state === 'ready' && !told.has(part.name)) {
        told.add(part.name);
        print(`${partLine(part)}  after ${seconds(Date.parse(part.since) - Date.parse(state.startedAt))}`);
      }
      const failure = `${part.name} ${part.restarts}`;
      if (part.state === 'restarting' && !told.has(failure)) {
        told.add(failure);
        print(`${part.name.padEnd(10)}  ${part.health.reason ?? 'ended'}; starting it again`);
      }
    }
  };
}

/** The text of `luna status`. `now` is in ms since 1970. */
export function statusText(status: InstanceStatus, now: number): string {
  const columns: Column<PartStatus>[] = [
    { title: 'Part', cell: (part) => part.name },
    { title: 'State', cell: (part) => (part.external ? `external, ${part.state}` : part.state) },
    { title: 'Pid', cell: (part) => part.pid },
    { title: 'Address', cell: (part) => part.addresses },
    { title: 'Health', cell: (part) => (part.health.ok ? 'ok' : part.health.reason) },
    { title: 'Restarts', cell: (part) => part.restarts },
    { title: 'Up', cell: (part) => (part.state === 'ready' ? duration(now - Date.parse(part.since)) : undefined) },
  ];
  return [headline(status, now), ...(status.parts.length > 0 ? [table(columns, status.parts)] : [])].join('\n');
}

function headline({ phase, dataDir, since, supervisor }: InstanceStatus, now: number): string {
  switch (phase) {
    case 'ready': return `luna is up for ${duration(now - Date.parse(since ?? ''))} (supervisor ${supervisor ?? '?'}, data in ${dataDir})`;
    case 'starting': return `luna is starting (data in ${dataDir})`;
    case 'stopping': return `luna is stopping (data in ${dataDir})`;
    case 'orphaned': return `luna's supervisor is gone, but parts of it still run (data in ${dataDir}). Next: luna up`;
    case 'stopped':
    case 'failed': return `luna is not running (data in ${dataDir}). Next: luna up`;
  }
}

function seconds(ms: number): string {
  return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
}

function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.max(0, Math.floor(ms / 1000))} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
