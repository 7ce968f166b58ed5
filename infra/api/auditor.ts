import type { Request } from 'express';
import type { AuditLine } from '../../domain/audit.ts';
import type { Caller } from '../../domain/role.ts';
import type { Log } from '../log.ts';

/** So many lines may be on their way into the database before refused calls are no longer written down one by one. */
const WAITING = 100;
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** How a call ended, for the audit. `reason` is empty when it was not refused. */
export interface Ended { caller: Caller | null; status: number; reason: string }

/** Writes down who did what. */
export interface Auditor {
  /**
   * Notes how a call ended: every change and every refused one, reads by those who may not, and reads of secrets. What was done is written
   * down before it is answered; a refusal doesn't wait. Never throws.
   */
  note(request: Request, ended: Ended): Promise<void>;
  /** Waits for what is on its way. */
  settle(): Promise<void>;
}

/** Writes lines with `add`. Bodies are never looked at: they may hold secrets. */
export function createAuditor(add: (line: AuditLine) => Promise<void>, log: Log): Auditor {
  const waiting = new Set<Promise<void>>();
  let unwritten = 0;

  function write(line: AuditLine): Promise<void> {
    const writing = add(line)
      .catch((error: unknown) => { log.error('api.audit_not_written', { line, error }); })
      .finally(() => { waiting.delete(writing); });
    waiting.add(writing);
    return writing;
  }

  return {
    async note(request, { caller, status, reason }) {
      if (READS.has(request.method) && status !== 401 && status !== 403 && request.query['secrets'] === undefined) return;
      if (status >= 400 && waiting.size >= WAITING) {
        unwritten += 1;
        return;
      }
      const more = unwritten === 0 ? '' : ` (and ${unwritten} refused calls before it that came too fast)`;
      unwritten = 0;
      const writing = write({
        at: new Date().toISOString(),
        by: caller?.by ?? null,
        role: caller?.role ?? null,
        method: request.method,
        path: request.originalUrl.slice(0, 300),
        status,
        reason: `${reason.slice(0, 500)}${more}`,
        from: request.socket.remoteAddress ?? 'unix',
      });
      if (status < 400) await writing;
    },
    async settle() {
      await Promise.all(waiting);
    },
  };
}
