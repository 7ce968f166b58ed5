import { type ErrorCode, LunaError } from '../../domain/errors.ts';

/** A refusal whose HTTP status says more than its code would. */
export class HttpRefusal extends LunaError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: ErrorCode, message: string, options: { next?: string; headers?: Record<string, string> } = {}) {
    super(code, message, options.next);
    this.name = 'HttpRefusal';
    this.status = status;
    this.headers = options.headers ?? {};
  }
}
