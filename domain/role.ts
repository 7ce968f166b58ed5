/** Who may do what: a viewer reads; an operator also powers, provisions and packs; an admin changes what is declared. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Whoever calls. `by` stands in the history: `root` by the socket, otherwise the name of the token. */
export interface Caller { by: string; role: Role }

/** Whether a role may do what another may. */
export function isAtLeast(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
