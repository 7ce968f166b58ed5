/** How often machines that know the shape tell how they fare, in milliseconds. Answers share the server's link with the image. */
const TELL_MS = 2000;

/** With many machines less often, so that they are no more than 500 announces a second; but none is thought gone for that. */
const TELL_MS_EACH = 2;
const LONGEST_TELL_MS = 4000;

/** How long an announce is held, in milliseconds, in a swarm of so many machines: until there is news, or this long. */
export function tellInterval(machines: number): number {
  return Math.min(LONGEST_TELL_MS, Math.max(TELL_MS, machines * TELL_MS_EACH));
}
