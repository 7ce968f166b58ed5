import { type ErrorCode, LunaError } from '../../domain/errors.ts';

/** For `assert.throws` and `assert.rejects`: a LunaError of that code whose message has these words. */
export function refused(code: ErrorCode, words: RegExp): (error: unknown) => boolean {
  return (error) => {
    if (error instanceof LunaError && error.code === code && words.test(error.message)) return true;
    throw new Error(`expected ${code} ${String(words)}`, { cause: error });
  };
}
