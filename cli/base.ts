import { Command, Flags } from '@oclif/core';
import { apiTarget, type CallOptions, callApi, followApi } from './api.ts';
import { type ErrorBody, LunaError } from '../domain/errors.ts';

/**
 * What every luna command shares: `--json`, `--debug`, the API, and one form of error. A command's `run()` parses,
 * makes one call and returns data; text comes from a pure function. Exit codes: 0 done, 1 some of many failed, 2 wrong usage,
 * 3 luna can't be reached, 255 refused (Luna 1's code for an object or validation error).
 */
export abstract class LunaCommand extends Command {
  static override enableJsonFlag = true;
  static override baseFlags = {
    debug: Flags.boolean({ summary: 'Show the stack of an error.', helpGroup: 'GLOBAL' }),
  };

  /** Calls the API: `await this.api<Node[]>('GET', '/api/v1/nodes')`. Throws {@link LunaError} with what the API said. */
  protected api<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, options?: CallOptions): Promise<T> {
    return callApi<T>(apiTarget(process.env), method, path, body, options);
  }

  /** Follows an endless answer of the API line by line. */
  protected follow(path: string, options?: CallOptions): AsyncGenerator<string> {
    return followApi(apiTarget(process.env), path, options);
  }

  /** Prints what went wrong, why, and the next command; in JSON when asked. The stack is shown only with `--debug`. */
  protected override async catch(error: Error & { oclif?: object }): Promise<void> {
    if (this.argv.includes('--debug')) process.stderr.write(`${error.stack ?? String(error)}\n`);
    if (isOclifs(error) || this.jsonEnabled()) {
      await super.catch(isOclifs(error) ? error : Object.assign(error, { oclif: { exit: exitCode(error) } }));
      return;
    }
    process.stderr.write(errorText(error));
    throw Object.assign(error, { skipOclifErrorHandling: true, oclif: { exit: exitCode(error) } });
  }

  protected override toErrorJson(error: unknown): ErrorBody {
    if (error instanceof LunaError) return { error: { code: error.code, message: error.message, ...(error.next ? { next: error.next } : {}) } };
    return { error: { code: 'invalid', message: error instanceof Error ? error.message : String(error) } };
  }
}

/** The text of a failure: what is wrong and why, then the next command. */
export function errorText(error: Error): string {
  const next = error instanceof LunaError ? error.next : 'run it again with --debug';
  return `Error: ${error.message}\n${next ? `Next:  ${next}\n` : ''}`;
}

/** Usage errors and `this.exit(n)` are oclif's own: it prints the first with the usage, the second not at all. */
function isOclifs(error: Error & { oclif?: object }): boolean {
  return error.oclif !== undefined;
}

function exitCode(error: Error): number {
  if (!(error instanceof LunaError)) return 1;
  return error.code === 'unavailable' ? 3 : 255;
}
