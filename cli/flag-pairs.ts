import { Errors } from '@oclif/core';

/**
 * Luna 1's `-i IF IP` is one flag with two values; oclif knows one value or all that follow. So the two become `IF=IP`,
 * which may also be typed. What follows the second value is left alone.
 */
export function pairUp(argv: readonly string[], flags: readonly string[]): string[] {
  const out: string[] = [];
  for (let i = 0; i < argv.length; i += 1) {
    const [token = '', first, second] = argv.slice(i, i + 3);
    out.push(token);
    if (token === '--') return [...out, ...argv.slice(i + 1)];
    if (!flags.includes(token) || first === undefined || second === undefined) continue;
    const whole = first.includes('=') || second.startsWith('-');
    out.push(whole ? first : `${first}=${second}`);
    i += whole ? 1 : 2;
  }
  return out;
}

/** The pairs again. Throws a usage error that asks for `what` when one is half. */
export function pairsOf(values: readonly string[], what: string): [string, string][] {
  return values.map((value) => {
    const at = value.indexOf('=');
    if (at <= 0 || at === value.length - 1) throw new Errors.CLIError(`Expected ${what}, not ${JSON.stringify(value)}.`, { exit: 2 });
    return [value.slice(0, at), value.slice(at + 1)];
  });
}
