import { LunaError } from '../../domain/errors.ts';

/** A lab that can't be built, reached or removed: what is wrong, and the command or choice that helps. */
export class LabError extends LunaError {
  constructor(reason: string, next: string) {
    super('conflict', reason, next);
    this.name = 'LabError';
  }
}
