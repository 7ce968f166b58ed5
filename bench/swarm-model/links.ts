/** One direction of a cable: what is sent waits for what was sent before. Rates are bytes per second, times seconds. */
export class Link {
  /** When all that was given to it has left. */
  free = 0;
  rate: number;

  constructor(rate: number) {
    this.rate = rate;
  }

  /** When the last byte has left, for bytes whose first comes at `from` and whose last not before `to`. */
  pass(from: number, to: number, bytes: number): number {
    this.free = Math.max(Math.max(from, this.free) + bytes / this.rate, to);
    return this.free;
  }

  /** How long a byte that comes now waits. */
  wait(now: number): number {
    return Math.max(0, this.free - now);
  }
}

/** Both directions of a machine's cable, and of its switch's when there are switches. */
export interface Cable { readonly up: Link; readonly down: Link; readonly at: Switch | null }

/** What joins some machines: between them it has no limit, to all others its uplink is one. */
export interface Switch { readonly name: string; readonly up: Link; readonly down: Link }

/** Machines' cables, machine 0 the server's. `perSwitch` machines share an uplink of as many rates divided by `oversubscribed`. */
export function cables(machines: number, rate: number, switches: { perSwitch: number; oversubscribed: number } | null): Cable[] {
  const all: Cable[] = [{ up: new Link(rate), down: new Link(rate), at: null }];
  let at: Switch | null = null;
  for (let i = 0; i < machines; i += 1) {
    if (switches !== null && i % switches.perSwitch === 0) {
      const uplink = (switches.perSwitch * rate) / switches.oversubscribed;
      at = { name: `switch${i / switches.perSwitch}`, up: new Link(uplink), down: new Link(uplink) };
    }
    all.push({ up: new Link(rate), down: new Link(rate), at });
  }
  return all;
}
