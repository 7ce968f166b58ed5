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

/** The JSON body of every refused API call. */
export interface ErrorBody {
  error: { code: ErrorCode; message: string; next?: string };
}
