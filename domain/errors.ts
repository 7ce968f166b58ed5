/** What kind of mistake it is; the API maps it to an HTTP status and the CLI to an exit code. */
export type ErrorCode = 'invalid' | 'not-found' | 'conflict' | 'taken' | 'in-use' | 'forbidden' | 'unavailable';

/** An error a person can act on: what is wrong, why, and the next command to type. */
export class LunaError extends Error {
  readonly code: ErrorCode;
  readonly next: string | undefined;

  constructor(code: ErrorCode, message: string, next?: string) {
    super(message);
    this.name = 'LunaError';
    this.code = code;
    this.next = next;
  }
}

/** An object was changed since the sender saw it; `present` is its revision now. */
export class StaleRevision extends LunaError {
  readonly present: number;

  constructor(message: string, present: number, next: string) {
    super('conflict', message, next);
    this.name = 'StaleRevision';
    this.present = present;
  }
}

/** What the CLI reads of every refused API call. */
export interface ErrorBody {
  error: { code: ErrorCode; message: string; next?: string };
}

/** The JSON body of every refused API call: problem details (RFC 9457) around the error. `revision`: the present one, for 412. */
export interface Problem extends ErrorBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  revision?: number;
}
