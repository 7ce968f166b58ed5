import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';

/** How an interactive shell is started without anybody's settings, and what is typed first. */
const SHELLS = {
  bash: { command: 'bash --norc --noprofile -i', setUp: "set -o emacs; bind 'set bell-style none'; words() { printf 'got'; printf '<%s>' \"$@\"; echo; }; source <(luna completion bash)" },
  zsh: { command: 'zsh -f -i', setUp: "bindkey -e; setopt no_beep; words() { printf 'got'; printf '<%s>' \"$@\"; echo; }; autoload -Uz compinit; compinit -u -D; source <(luna completion zsh)" },
  fish: { command: 'fish --no-config -i', setUp: "function words; printf 'got'; printf '<%s>' $argv; echo; end; luna completion fish | source" },
} as const;

/** A shell that completion is written for. */
export type ShellName = keyof typeof SHELLS;

const PATIENCE_MS = 30_000;

/** An interactive shell on a terminal of its own (util-linux `script` makes one), at which a test types. */
export class TypedShell {
  readonly #child: ChildProcess;
  #output = '';

  /** Starts it in `folder`; resolves when it has read luna's completion. */
  static async start(shell: ShellName, folder: string, env: NodeJS.ProcessEnv): Promise<TypedShell> {
    const typed = new TypedShell(shell, folder, env);
    // What is told when it is ready must not be the echo of what was typed.
    await typed.#type(`${SHELLS[shell].setUp}; words $status; words rea''dy\n`, /got<ready>/);
    return typed;
  }

  private constructor(shell: ShellName, folder: string, env: NodeJS.ProcessEnv) {
    this.#child = spawn('script', ['-qefc', SHELLS[shell].command, '/dev/null'], {
      cwd: folder, env: { ...env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder, TERM: 'xterm', SHELL: '/bin/sh', PS1: '> ', COLUMNS: '300', LC_ALL: 'C.UTF-8' },
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => { this.#output += chunk.toString(); });
    this.#child.stderr?.on('data', (chunk: Buffer) => { this.#output += chunk.toString(); });
  }

  /** Types this and the tab key; returns the words that then stand on the line, as the shell reads them. */
  async complete(text: string): Promise<string[]> {
    // To the start of the line, a command that shows its words, to the end, return.
    const [, words = ''] = await this.#type(`${text}\t\u0001words \u0005\n`, /got((?:<[^<>\n]*>)+)/);
    return words.slice(1, -1).split('><');
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    this.#child.stdin?.destroy();
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
  }

  async #type(text: string, wanted: RegExp): Promise<RegExpExecArray> {
    this.#output = '';
    this.#child.stdin?.write(text);
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = wanted.exec(stripVTControlCharacters(this.#output).replaceAll('\r', ''));
      if (found) return found;
      if (Date.now() > end || this.#child.exitCode !== null) throw new Error(`the shell did not show ${String(wanted)}:\n${stripVTControlCharacters(this.#output)}`);
      await new Promise((accept) => { setTimeout(accept, 20); });
    }
  }
}
