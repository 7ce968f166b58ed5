import { cpus, loadavg } from 'node:os';

/** What a benchmark found. `figures` becomes its last line; a target is met when the figure is not above it, one of `atLeast` when not below it. */
export interface Outcome {
  bench: string;
  columns: readonly string[];
  rows: readonly (readonly (string | number)[])[];
  figures: Readonly<Record<string, number | null>>;
  targets: Readonly<Record<string, number>>;
  atLeast?: Readonly<Record<string, number>>;
}

const startLoad = loadOfLastMinute();

/** One line about what is going on, for people; results go elsewhere. */
export function say(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}

/**
 * Prints the table, the targets, and as the last line one JSON object. It names the load of the machine too: figures of a
 * machine that does other work as well are worth less.
 */
export function report({ bench, columns, rows, figures, targets, atLeast = {} }: Outcome): void {
  console.log(`\n${tableText(columns, rows)}\n`);
  for (const [name, target] of Object.entries(targets)) {
    const figure = figures[name] ?? null;
    console.log(`${name}: ${figure ?? 'not measured'} (target ≤ ${target}${figure === null ? '' : figure <= target ? ', met' : ', MISSED'})`);
  }
  for (const [name, target] of Object.entries(atLeast)) {
    const figure = figures[name] ?? null;
    console.log(`${name}: ${figure ?? 'not measured'} (target ≥ ${target}${figure === null ? '' : figure >= target ? ', met' : ', MISSED'})`);
  }
  const host = { cores: cpus().length, load_before: startLoad, load_after: loadOfLastMinute() };
  console.log(`load of the last minute: ${host.load_before} before, ${host.load_after} after, on ${host.cores} cores`);
  console.log(JSON.stringify({ bench, ...figures, ...host }));
}

/** Rounds to `digits` decimals. */
export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

/** The middle one of some values, or the mean of the two in the middle; NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? NaN) + (sorted[Math.floor(half)] ?? NaN)) / 2;
}

function tableText(columns: readonly string[], rows: Outcome['rows']): string {
  const lines = [columns, ...rows].map((row) => row.map(String));
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)));
  return lines.map((line) => line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ').trimEnd()).join('\n');
}

function loadOfLastMinute(): number {
  return rounded(loadavg()[0] ?? 0, 1);
}
