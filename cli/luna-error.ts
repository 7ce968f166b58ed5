/** What else is known about a failure. `exit` is the exit code: 1 refused or failed (default), 2 wrong usage, 3 luna can't be reached. */
export interface Details { reason?: string; next?: string; exit?: 1 | 2 | 3 }

/** A failure told to people in three parts: what, why, and what to do next. */
export class LunaError extends Error {
  readonly reason: string | undefined;
  readonly next: string | undefined;
  /** oclif ends the process with this. */
  readonly oclif: { exit: 1 | 2 | 3 };

  constructor(message: string, details: Details = {}) {
    super(message);
    this.name = 'LunaError';
    this.reason = details.reason;
    this.next = details.next;
    this.oclif = { exit: details.exit ?? 1 };
  }
}
