import type { LunaError } from './errors.ts';

/** What became of one of many that were to be changed. */
export type Done = { name: string; ok: true } | { name: string; error: Pick<LunaError, 'code' | 'message' | 'next'> };
