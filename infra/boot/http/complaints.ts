import type { Log, LogData } from '../../log.ts';
import { createLimiter } from '../limiter.ts';

/** A warning about what a client does wrong. */
export type Complain = (event: string, ip: string, data: LogData) => void;

/** Warns of each client once a minute at most, so that nobody can fill the disk with a log. */
export function complaints(log: Log): Complain {
  const limiter = createLimiter({ rate: 1 / 60, burst: 1, clients: 1000, now: () => performance.now() });
  const together = createLimiter({ rate: 1, burst: 20, clients: 1, now: () => performance.now() });
  return (event, ip, data) => {
    if (limiter(ip) && together('all')) log.warn(event, { ip, ...data });
  };
}
