/** What can be asked of a BMC's chassis; Luna 1's words and `soft`. */
export const POWER_ACTIONS = ['status', 'on', 'off', 'reset', 'cycle', 'soft', 'identify', 'noidentify'] as const;
export type PowerAction = (typeof POWER_ACTIONS)[number];

/** The answer for one node: the chassis state read back (or what was done), or why not. */
export type PowerAnswer = { node: string; state: string } | { node: string; error: string };

/** A BMC said no, or nothing. `refused`: credentials or privilege, which no retry cures. `next`: the command to type. */
export class BmcError extends Error {
  readonly refused: boolean;
  readonly next: string;

  constructor(message: string, refused: boolean, next: string) {
    super(message);
    this.name = 'BmcError';
    this.refused = refused;
    this.next = next;
  }
}
