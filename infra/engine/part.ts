import type { PortClaim } from './ports.ts';

/** How a part's process is started. `env` is added to the supervisor's own. */
export interface Launch { command: string; args: string[]; env?: Record<string, string> }

/**
 * One thing that `luna up` brings up: an engine (started first, stopped last) or a worker. `launch` is absent when it
 * runs elsewhere and is only checked. `check` rejects with the reason as long as the part doesn't serve; a worker has
 * none, because it says itself that it is ready (`run/NAME.ready`).
 */
export interface Part {
  name: string;
  tier: 'engine' | 'worker';
  launch?: Launch;
  claims: PortClaim[];
  /** Shown to people until the process names its own: `tcp://…`, `http://…`, `unix:…`. */
  addresses: string[];
  /** Told once, when the part comes up: which executable was taken, or where it is. */
  note?: string;
  check?: (signal: AbortSignal) => Promise<void>;
}

/** What a part is doing. `restarting`: it ended unasked and waits for its next start. */
export type PartState = 'waiting' | 'starting' | 'ready' | 'restarting' | 'stopping' | 'stopped';

/** What is known of a part, as `luna status` shows it. Times are ISO 8601. `killed`: it did not stop in time. */
export interface PartStatus {
  name: string;
  tier: 'engine' | 'worker';
  state: PartState;
  external: boolean;
  pid?: number;
  addresses: string[];
  note?: string;
  restarts: number;
  since: string;
  health: { ok: boolean; reason?: string };
  killed?: boolean;
}
