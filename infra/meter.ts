/**
 * Counts what one service does; what it is told here becomes Prometheus metrics named `luna_<service>_…`. Every text comes
 * from a small fixed set, never from a packet. Calls are cheap and never throw.
 */
export interface Meter {
  /** One packet or request: its kind (`discover`, `rrq`, `get`) and what became of it (`offer`, `malformed`, `limited`). */
  packet(kind: string, result: string): void;
  /** Seconds from a request to its answer, or from the beginning of a transfer to its end. */
  took(kind: string, seconds: number): void;
  /** Payload bytes that left. */
  sent(bytes: number): void;
  /** A value that is read whenever somebody looks: `leases`, `transfers`. */
  gauge(name: string, help: string, read: () => number): void;
}
