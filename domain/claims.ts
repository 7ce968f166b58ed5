/**
 * A claim is a document whose `_id` is the thing taken; inserting it takes it, a duplicate key means taken.
 * Owners are object ids with their kind: `node/<id>`, `switch/<id>`, `network/<id>`.
 */
export interface Claim {
  _id: string;
  owner: string;
  at: string;
}

/** A name within its kind: `name/node/node001`. */
export const nameClaim = (kind: string, name: string): string => `name/${kind}/${name}`;
/** An address, relative to its network's base. */
export const ipClaim = (networkId: string, offset: number | string | bigint): string => `ip/${networkId}/${offset}`;
/** The binding of a MAC to a node. */
export const macClaim = (mac: string): string => `mac/${mac.toLowerCase()}`;
/** A switch port; `port` as declared. */
export const portClaim = (switchId: string, port: string): string => `port/${switchId}/${port}`;
