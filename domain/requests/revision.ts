import * as z from 'zod';

/** The revision that the sender has seen: the change is refused when it is another by now. */
export const revisionOf = z.number().int().min(0).optional();
