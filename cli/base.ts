import { Command, Flags, ux } from '@oclif/core';
import { apiTarget, type CallOptions, callApi, followApi } from './api.ts';
import { type ErrorBody, LunaError } from '../domain/errors.ts';
import { pathOf, selectNodes } from './object-selector.ts';
import { asksForJson, formatFlag } from './output/output-flags.ts';

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

  /** JSON for `--json`, and for `-o json` where a command has that. */
  override jsonEnabled(): boolean {
    return super.jsonEnabled() || (this.formats() && asksForJson(this.argv));
  }

  protected override async init(): Promise<void> {
    if (this.formats()) this.argv = formatFlag(this.argv);
    await super.init();
  }

  private formats(): boolean {
    return Object.hasOwn(this.ctor.flags ?? {}, 'output');
  }

  /** Says, with `--debug` only, that a spelling of Luna 1 was understood, and how it is said now. */
  protected outdated(old: string, now: string): void {
    if (this.argv.includes('--debug')) process.stderr.write(`${old} is Luna 1's; it is said as: ${now}\n`);
  }

  /** Calls the API: `await this.api<Node[]>('GET', '/api/v1/nodes')`. Throws {@link LunaError} with what the API said. */
  protected api<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, options?: CallOptions): Promise<T> {
    return callApi<T>(apiTarget(process.env), method, path, body, options);
  }

  /** The nodes that hostlists name, positionally or with `-n`; `@compute` are those of a group. Throws a usage error when none is named. */
  protected nodes(positional: string[] | undefined, flag: string | undefined): Promise<string[]> {
    return selectNodes(positional, flag, () => this.api('GET', pathOf('node')));
  }

  /** Follows an endless answer of the API line by line. */
  protected follow(path: string, options?: CallOptions): AsyncGenerator<string> {
    return followApi(apiTarget(process.env), path, options);
  }

  /** Prints what went wrong, why, and the next command; in JSON when asked. The stack is shown only with `--debug`. */
  protected override async catch(error: Error & { oclif?: { exit?: number } }): Promise<void> {
    const { didYouMean } = await import('./did-you-mean.ts');
    await didYouMean(error, this.ctor, (path) => this.api('GET', path));
    if (this.argv.includes('--debug')) process.stderr.write(`${error.stack ?? String(error)}\n`);
    if (isExit(error) || this.jsonEnabled()) {
      await super.catch(error.oclif !== undefined ? error : Object.assign(error, { oclif: { exit: exitCode(error) } }));
      return;
    }
    process.stderr.write(error.oclif === undefined ? errorText(error) : this.usageText(error));
    throw Object.assign(error, { skipOclifErrorHandling: true, oclif: { exit: exitCode(error) } });
  }

  /** A mistake in what was typed, found by oclif or by us. */
  private usageText({ message }: Error): string {
    const said = message.replace(/\nSee more help with --help/, '').replace(/^The following errors? occurred:\s*/, '').replace(/Missing required flag (\S+)/g, 'Missing required flag --$1');
    return `Error: ${said}\nNext:  luna ${this.id === 'help' ? '' : `${(this.id ?? '').replaceAll(':', ' ')} `}--help\n`;
  }

  /** Indented JSON. (oclif's own looks at every word for a colour that nobody has chosen: four seconds for ten thousand nodes.) */
  override logJson(json: unknown): void {
    ux.stdout(JSON.stringify(json ?? null, null, 2));
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

/** `this.exit(n)` is no mistake: nothing is printed. */
function isExit(error: Error & { code?: unknown }): boolean {
  return error.code === 'EEXIT';
}

function exitCode(error: Error & { oclif?: { exit?: number } }): number {
  if (error.oclif) return error.oclif.exit ?? 2;
  if (!(error instanceof LunaError)) return 1;
  return error.code === 'unavailable' ? 3 : 255;
}
