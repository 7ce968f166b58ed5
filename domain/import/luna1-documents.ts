import { formatIp, type IpVersion, parseIp } from '../subnet.ts';

/** A document of a dump in MongoDB's extended JSON: ids as `{$oid}`, references as `{$ref, $id}`. */
export type Doc = Record<string, unknown>;

/** The id behind an id or a reference, in whatever way it is written; null for none. */
export function idOf(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value !== 'object' || value === null) return null;
  const { $oid, $id, $ref: _collection } = value as { $oid?: unknown; $id?: unknown; $ref?: unknown };
  return typeof $oid === 'string' ? $oid : $id === undefined ? null : idOf($id);
}

/** The objects of a collection by their id. */
export function byId(documents: readonly Doc[]): Map<string, Doc> {
  return new Map(documents.map((document) => [idOf(document['_id']) ?? '', document]));
}

/** A text; Luna 1 stores an empty one as null. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A number, also when it is written as text or as a 64-bit integer. */
export function numberOf(value: unknown): number | undefined {
  const big = bigOf(value);
  return big === undefined ? undefined : Number(big);
}

/** An integer of any size. */
export function bigOf(value: unknown): bigint | undefined {
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^\d+$/.test(value)) return BigInt(value);
  if (typeof value !== 'object' || value === null) return undefined;
  const { $numberLong, $numberInt, $numberDouble } = value as Record<string, unknown>;
  return bigOf($numberLong ?? $numberInt ?? $numberDouble);
}

/** A flag. */
export function flagOf(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** A map, or an empty one. */
export function mapOf(value: unknown): Doc {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Doc : {};
}

/** A network as Luna 1 stored it: its base as a number. */
export interface OldNetwork { name: string; version: IpVersion; base: bigint; prefix: number }

/** Reads `NETWORK`, `PREFIX`, `version`; null when they make no network. */
export function oldNetwork(document: Doc): OldNetwork | null {
  const { NETWORK, PREFIX, version: declared, name } = document;
  const prefix = numberOf(PREFIX);
  const written = typeof NETWORK === 'string' && /[.:]/.test(NETWORK) ? parseIp(NETWORK) : null;
  const base = written?.value ?? bigOf(NETWORK);
  if (typeof name !== 'string' || prefix === undefined || base === undefined) return null;
  const version = written?.version ?? (numberOf(declared) === 6 || base >= 1n << 32n ? 6 : 4);
  return { name, version, base, prefix };
}

/** An address stored relative to its network. */
export function addressIn({ version, base }: OldNetwork, relative: unknown): string | undefined {
  const offset = bigOf(relative);
  return offset === undefined ? undefined : formatIp({ version, value: base + offset });
}
