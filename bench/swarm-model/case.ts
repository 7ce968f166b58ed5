/** One case. Rates are bytes per second of payload and headers, sizes bytes, times seconds. */
export interface Case {
  machines: number;
  rate: number;
  bytes: number;
  pieceLength: number;
  blockLength: number;
  stripes: number;
  switches: { perSwitch: number; oversubscribed: number } | null;
  /** Whether the tracker knows them. */
  switchesKnown: boolean;
  /** Machines start within this time, evenly at random; 0: all at once. */
  stagger: number;
  /** A machine that sends at a quarter of its rate; which one is known when the swarm stands. */
  slow: 'root' | 'inner' | null;
  seed: number;
}

/** Bytes on the wire for one of payload: headers of Ethernet, IP, TCP, and acknowledgements the other way. */
export const WIRE = 1.047;
