import { readdirSync } from 'node:fs';
import { Counter, Gauge, type Registry } from 'prom-client';

/**
 * What a process uses of the machine, under the names that Prometheus gives these things. The library's own set is not
 * taken: some of its names break the conventions, and it wakes an idle process a hundred times a second.
 */
export function processMetrics(registry: Registry, name: string): void {
  const registers = [registry];
  const labelNames = ['process'];
  const labels = { process: name };
  const startedAt = Date.now() / 1000 - process.uptime();
  const gauge = (metric: string, help: string, read: () => number): void => {
    new Gauge({ name: metric, help, labelNames, registers, collect() { this.set(labels, read()); } });
  };
  new Counter({
    name: 'process_cpu_seconds_total', help: 'Seconds of CPU that the process used, in user and system mode.', labelNames, registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc(labels, (user + system) / 1e6);
    },
  });
  gauge('process_resident_memory_bytes', 'Memory of the process that is in RAM.', () => process.memoryUsage.rss());
  gauge('process_start_time_seconds', 'When the process began, in seconds since 1970.', () => startedAt);
  gauge('process_open_fds', 'File descriptors that the process has open.', () => readdirSync('/proc/self/fd').length);
  gauge('nodejs_heap_size_used_bytes', 'Memory of JavaScript objects in use.', () => process.memoryUsage().heapUsed);
}
