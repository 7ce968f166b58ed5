import type { OtherdevView } from '../domain/views.ts';

/** `[ipmi]:10.31.250.1`, one for each network it stands in. */
export function connectionsText({ connected }: OtherdevView): string[] {
  return connected.map(({ network, ip }) => `[${network}]:${ip}`);
}
