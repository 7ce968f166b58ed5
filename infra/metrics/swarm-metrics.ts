import { Counter, Gauge, type Registry } from 'prom-client';
import type { SwarmPart } from '../../domain/swarm.ts';

/** Of which image, and what of it. */
export interface SwarmLabels { osimage: string; part: SwarmPart }

/** What is counted of one swarm when somebody looks. Bytes per second; `link` in Mbit/s. */
export interface SwarmFigures extends SwarmLabels { loading: number; done: number; gone: number; rateIn: number; rateOut: number; serverRate: number; copies: number; link: number | null; share: number | null }

/** Counts what happens to swarms. */
export interface SwarmMeter {
  /** Machines were taken out of their place, by what happened: `demoted`, `removed`… */
  shaped(of: SwarmLabels, kind: string, machines: number): void;
  /** A wave of machines is over: bytes that the server sent, and seconds to the last machine when one had all. */
  wave(of: SwarmLabels, sent: number, seconds: number | null): void;
  /** An announce was refused. */
  refused(): void;
}

/** Registers the metrics of swarms: gauges of those that are, counters of what became of those that were. */
export function swarmMetrics(registry: Registry, figures: () => readonly SwarmFigures[]): SwarmMeter {
  const registers = [registry];
  const of = ['osimage', 'part'];
  const gauge = (name: string, help: string, read: (one: SwarmFigures) => number | null): void => {
    new Gauge({
      name, help, labelNames: of, registers,
      collect() {
        this.reset();
        for (const one of figures()) {
          const value = read(one);
          if (value !== null) this.set(labels(one), value);
        }
      },
    });
  };
  new Gauge({
    name: 'luna_swarm_machines', help: 'Machines in a swarm, by what they do.', labelNames: [...of, 'state'], registers,
    collect() {
      this.reset();
      for (const one of figures()) for (const state of ['loading', 'done', 'gone'] as const) this.set({ ...labels(one), state }, one[state]);
    },
  });
  gauge('luna_swarm_receive_bytes_per_second', 'What all machines of a swarm take.', (one) => one.rateIn);
  gauge('luna_swarm_send_bytes_per_second', 'What all machines of a swarm give each other.', (one) => one.rateOut);
  gauge('luna_swarm_server_bytes_per_second', 'What the server gives a swarm.', (one) => one.serverRate);
  gauge('luna_swarm_copies', 'How often the server has sent all of it in the wave that goes on.', (one) => one.copies);
  gauge('luna_swarm_link_bytes_per_second', 'The slowest link of a swarm, as the cards report it, else the fastest rate seen.', (one) => (one.link === null ? null : one.link * 125_000));
  gauge('luna_swarm_link_share_ratio', 'How full the machines\' links have been since each arrived.', (one) => one.share);
  const shaped = new Counter({ name: 'luna_swarm_shaped_total', help: 'Machines that were taken out of their place, by what happened.', labelNames: [...of, 'kind'], registers });
  const waves = new Counter({ name: 'luna_swarm_waves_total', help: 'Waves of machines that are over.', labelNames: of, registers });
  const sent = new Counter({ name: 'luna_swarm_server_bytes_total', help: 'Bytes that the server sent in waves that are over.', labelNames: of, registers });
  const last = new Gauge({ name: 'luna_swarm_last_machine_seconds', help: 'Seconds until the last machine of the newest wave had all, from the last arrival.', labelNames: of, registers });
  const refused = new Counter({ name: 'luna_swarm_refused_announces_total', help: 'Announces that were refused.', registers });
  return {
    shaped: (one, kind, machines) => { shaped.inc({ ...labels(one), kind }, machines); },
    wave(one, bytes, seconds) {
      waves.inc(labels(one));
      sent.inc(labels(one), bytes);
      if (seconds !== null) last.set(labels(one), seconds);
    },
    refused: () => { refused.inc(); },
  };
}

const labels = ({ osimage, part }: SwarmLabels) => ({ osimage, part });

/** Registers what the seeder counts of itself. */
export function seederMetrics(registry: Registry, sent: () => number): void {
  new Counter({
    name: 'luna_seeder_sent_bytes_total', help: 'Payload bytes that the seeder sent.', registers: [registry],
    collect() {
      this.reset();
      this.inc(sent());
    },
  });
}
