import { Errors } from '@oclif/core';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3600_000, d: 24 * 3600_000, w: 7 * 24 * 3600_000 };

/** A time in the past as ISO 8601: so long before `now` (`30m`, `2h`, `3d`), or a time of UTC. Throws a usage error. */
export function timeAgo(text: string, now: number): string {
  const [, count, unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const ago = UNIT_MS[unit];
  const at = ago === undefined ? Date.parse(/(Z|[+-]\d\d:?\d\d)$|^[\d-]*$/.test(text) ? text : `${text}Z`) : now - Number(count) * ago;
  if (!Number.isFinite(at)) throw new Errors.CLIError(`--since ${text} is no time; write 30m, 2h, 3d, or 2030-01-31T12:00.`, { exit: 2 });
  return new Date(at).toISOString();
}
