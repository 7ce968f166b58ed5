import type * as z from 'zod';
import type { ObjectKind } from './change.ts';
import { Problems } from './site-problems.ts';
import type { PlannedSecret } from './site-plan.ts';
import { sameValue } from './same-value.ts';
import type { SiteSection } from './site-file.ts';
import type { Site } from './site.ts';

/**
 * How a file is applied. `newId` makes the identity of a new object. `unread` are objects, as `section/name`, that the file
 * declares but so that they can't be read: what refers to them is not to blame.
 */
export interface DraftOptions { prune: boolean; newId: () => string; unread?: ReadonlySet<string> }

/** The section of each kind. */
export const SECTION_OF = {
  network: 'networks', osimage: 'osimages', bmcsetup: 'bmcsetups', switch: 'switches', otherdev: 'otherdevs', group: 'groups', node: 'nodes',
} as const satisfies Partial<Record<ObjectKind, SiteSection>>;

type Kind = keyof typeof SECTION_OF;
interface Stored { _id: string; name: string; rev: number }

/** A site in the making: it begins as a copy of another, and every object keeps its identity. */
export class Draft {
  readonly before: Site;
  readonly site: Site;
  readonly problems = new Problems();
  readonly secrets: PlannedSecret[] = [];
  readonly newId: () => string;
  readonly unread: ReadonlySet<string>;
  /** Where in the file an object is, by `kind/id`. */
  readonly #places = new Map<string, string[]>();
  readonly #names = new Map<string, Stored>();

  constructor(before: Site, { newId, unread = new Set() }: DraftOptions) {
    this.before = before;
    this.newId = newId;
    this.unread = unread;
    this.site = {
      ...before,
      networks: new Map(before.networks), osimages: new Map(before.osimages), bmcsetups: new Map(before.bmcsetups),
      switches: new Map(before.switches), otherdevs: new Map(before.otherdevs), groups: new Map(before.groups), nodes: new Map(before.nodes),
      nodesByName: new Map(before.nodesByName), macs: new Map(before.macs), macsOf: new Map(before.macsOf),
    };
    for (const kind of Object.keys(SECTION_OF) as Kind[]) {
      for (const object of this.all(kind).values()) this.#names.set(`${kind}/${object.name}`, object);
    }
  }

  /** The objects of a kind as they will be. */
  all(kind: Kind): Map<string, Stored> {
    return this.site[SECTION_OF[kind]];
  }

  /** The object of that name as it will be, if there is one. */
  named<T extends Stored>(kind: Kind, name: string): T | undefined {
    return this.#names.get(`${kind}/${name}`) as T | undefined;
  }

  /** The id of what a reference names; a reference to nothing is noted and null. */
  idOf(kind: Kind, name: string | null | undefined, path: readonly string[]): string | null {
    if (name === undefined || name === null) return null;
    const found = this.named(kind, name);
    if (!found && !this.unread.has(`${SECTION_OF[kind]}/${name}`)) this.problems.add(path, `there is no ${kind} named ${name}`);
    return found?._id ?? null;
  }

  /**
   * Puts an object in its place: `fields` over the defaults of its kind. It keeps its identity, and when nothing differs
   * it stays the same object with its revision.
   */
  put<T extends Stored>(kind: Kind, schema: z.ZodType<T>, name: string, fields: object, path: string[]): T | undefined {
    const old = this.named<T>(kind, name);
    const parsed = schema.safeParse({ ...fields, _id: old?._id ?? this.newId(), name, rev: old?.rev ?? 0 });
    if (!parsed.success) {
      for (const issue of parsed.error.issues) this.problems.add([...path, ...issue.path.map(String)], issue.message);
      return undefined;
    }
    const object = settled(schema, old, parsed.data);
    this.all(kind).set(object._id, object);
    this.#names.set(`${kind}/${name}`, object);
    this.#places.set(`${kind}/${object._id}`, path);
    return object;
  }

  /** Takes an object out. */
  remove(kind: Kind, object: Stored): void {
    this.all(kind).delete(object._id);
    this.#names.delete(`${kind}/${object.name}`);
  }

  /** Where the file speaks of an object; its kind and name when it doesn't. */
  placeOf(kind: ObjectKind, { _id, name }: { _id: string; name: string }): string[] {
    if (kind === 'cluster') return ['cluster'];
    return this.#places.get(`${kind}/${_id}`) ?? [SECTION_OF[kind], name];
  }
}

/** The old object when nothing differs, else the new one with the next revision. What a newer luna added to objects has its default in old ones. */
export function settled<T extends { rev: number }>(schema: z.ZodType<T>, old: T | undefined, next: T): T {
  if (old === undefined) return next;
  const known = schema.safeParse(old);
  return sameValue(known.success ? known.data : old, { ...next, rev: old.rev }) ? old : { ...next, rev: old.rev + 1 };
}
