/** Lifecycles that can be run some at once on the server that is measured. */
export interface Load {
  name: 'luna' | 'bare';
  /** The process whose CPU is counted beside the server's. */
  workerPid: number;
  /** Runs `count` lifecycles at once to their ends; rejects when one fails. */
  run(count: number): Promise<void>;
  /** Events in the history of one of the lifecycles just run. */
  historyEvents(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * What both loads have in common. `machineMs`: how long a machine takes for a row; `heartbeats`: how many the rows done by
 * an agent get meanwhile.
 */
export interface Pace {
  machineMs: number;
  heartbeats: number;
}

/** Of one lifecycle: how many activities of each kind, and how many of the asynchronous ones beat. */
export interface Shape {
  local: number;
  regular: number;
  asynchronous: number;
  beating: number;
}

/** Lifecycles started at once; the API starts as many. */
export const START_WIDTH = 16;
