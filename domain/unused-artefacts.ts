import type { Artefact, Osimage } from './osimage.ts';

/** Who uses packed versions. */
export interface ArtefactUse {
  /** Every declared image by its id. */
  osimages: ReadonlyMap<string, Pick<Osimage, 'current'>>;
  /** Ids of versions that a boot or a wave of machines names. */
  named: ReadonlySet<string>;
  /** Ids of images of which somebody may be about to name a version. */
  beginning: ReadonlySet<string>;
  /** When an image last ceased to point at a version, by the version's id; ISO 8601. */
  left: ReadonlyMap<string, string>;
}

/** So many versions of an image are kept beside those in use: an undo of a pack, or of that undo, finds its version. */
export const SPARE = 2;
/** None goes sooner after it was packed, or last pointed at: a machine may have been told of it a moment ago. */
const YOUNG_MS = 3_600_000;
/** How long an image that was removed keeps its spare versions, for an undo of that. */
const REMOVED_MS = 7 * 24 * 3_600_000;

/** The packed versions that nobody uses and nobody will come back to. `now`: milliseconds since 1970. */
export function unusedArtefacts(artefacts: Iterable<Artefact>, use: ArtefactUse, now: number): Artefact[] {
  const current = new Set([...use.osimages.values()].map((osimage) => osimage.current));
  const inUse = ({ _id, osimage }: Artefact): boolean => current.has(_id) || use.named.has(_id) || use.beginning.has(osimage);
  const unused = [...artefacts].filter((one) => !inUse(one));
  const lastUsed = ({ _id, packedAt }: Artefact): string => [packedAt, use.left.get(_id) ?? ''].sort().at(-1) ?? '';
  return [...Map.groupBy(unused, ({ osimage }) => osimage)].flatMap(([osimage, versions]) => {
    const order = (one: Artefact): string => `${lastUsed(one)} ${one.packedAt}`;
    const newestFirst = versions.sort((a, b) => (order(a) > order(b) ? -1 : 1));
    const spareFor = use.osimages.has(osimage) ? Infinity : REMOVED_MS;
    return newestFirst.filter((one, i) => lastUsed(one) < isoBefore(now, i < SPARE ? spareFor : YOUNG_MS));
  });
}

/** That long before; of `Infinity` what is before every time. */
function isoBefore(now: number, ms: number): string {
  return ms === Infinity ? '' : new Date(now - ms).toISOString();
}
