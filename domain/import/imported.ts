import { expandHostlist } from '../hostlist.ts';
import { foldHostlist } from '../hostlist-fold.ts';
import { foldNodes, type NodeDeclaration } from '../node-declaration.ts';
import { SITE_FILE_VERSION, type SiteFile, type SiteSection } from '../site-file.ts';
import { LunaError } from '../errors.ts';
import { treeMistake } from '../tree-path.ts';

/** Something that could not be carried over as it was, or at all. */
export interface ImportNote { kind: string; name: string; field: string; why: string }

/** What an import made: a site file, and what it has lost. */
export interface Imported { file: SiteFile; notes: ImportNote[] }

/** What an import may look up: the site as it is, and what to take for what the source doesn't say. */
export interface ImportContext {
  site: SiteFile;
  /** The group of nodes that are in none. */
  group?: string | undefined;
  /** The image of groups that have none. */
  osimage?: string | undefined;
}

type Fields = Record<string, unknown>;

/** A site file in the making, with a report. */
export class ImportBuilder {
  readonly #sections: Record<Exclude<SiteSection, 'nodes'>, Map<string, Fields>> = {
    networks: new Map(), osimages: new Map(), bmcsetups: new Map(), switches: new Map(), otherdevs: new Map(), groups: new Map(),
  };
  readonly #nodes = new Map<string, NodeDeclaration>();
  readonly #notes: ImportNote[] = [];
  #cluster: Fields | null = null;

  /** Sets the cluster's fields. */
  cluster(fields: Fields): void {
    this.#cluster = without(fields);
  }

  /** Adds an object; fields that are undefined or null are left out. */
  add(section: Exclude<SiteSection, 'nodes'>, name: string, fields: Fields): void {
    this.#sections[section].set(name, without(fields));
    const mistake = section === 'osimages' && typeof fields['path'] === 'string' ? treeMistake(fields['path']) : null;
    if (mistake !== null) this.note('osimage', name, 'path', `${mistake}; correct it in the site file (-o yaml), which luna apply refuses as it is`);
  }

  /** An object that was added. */
  get(section: Exclude<SiteSection, 'nodes'>, name: string): Fields | undefined {
    return this.#sections[section].get(name);
  }

  /** Adds a node; what is undefined is left out. */
  node(name: string, { shared, port, addresses = {}, addresses6 = {}, macs = [] }: { shared: Fields; port?: string | undefined } & Partial<Pick<NodeDeclaration, 'addresses' | 'addresses6' | 'macs'>>): void {
    this.#nodes.set(name, { shared: without(shared), ...(port === undefined ? {} : { port }), addresses, addresses6, macs });
  }

  /** Whether a node was added. */
  hasNode(name: string): boolean {
    return this.#nodes.has(name);
  }

  /** Notes what is lost. */
  note(kind: string, name: string, field: string, why: string): void {
    this.#notes.push({ kind, name, field, why });
  }

  /** The file and the report. */
  done(): Imported {
    const file: Fields = { luna: SITE_FILE_VERSION, ...(this.#cluster ? { cluster: this.#cluster } : {}) };
    for (const [section, objects] of Object.entries(this.#sections)) if (objects.size > 0) file[section] = Object.fromEntries(objects);
    if (this.#nodes.size > 0) file['nodes'] = foldNodes(this.#nodes);
    return { file: file as SiteFile, notes: this.#notes };
  }
}

/** What could be carried over: `Carried over: the cluster, 2 networks, 1 osimage, 72 nodes.` */
export function carriedText(file: SiteFile): string {
  const parts = file.cluster ? ['the cluster'] : [];
  for (const [section, word, words] of COUNTED) {
    const keys = Object.keys(file[section] ?? {});
    const count = section === 'nodes' ? new Set(keys.flatMap((key) => expandHostlist(key))).size : keys.length;
    if (count > 0) parts.push(`${count} ${count === 1 ? word : words}`);
  }
  return `Carried over: ${parts.join(', ') || 'nothing'}.`;
}

const COUNTED = [
  ['networks', 'network', 'networks'], ['osimages', 'osimage', 'osimages'], ['bmcsetups', 'bmcsetup', 'bmcsetups'], ['switches', 'switch', 'switches'],
  ['otherdevs', 'otherdev', 'otherdevs'], ['groups', 'group', 'groups'], ['nodes', 'node', 'nodes'],
] as const satisfies readonly (readonly [SiteSection, string, string])[];

/** The report as lines; what is the same of many objects is one line. */
export function notesText(notes: readonly ImportNote[]): string[] {
  const alike = new Map<string, { note: ImportNote; names: string[] }>();
  for (const note of notes) {
    const key = `${note.kind} ${note.field} ${note.why}`;
    const there = alike.get(key);
    if (there) there.names.push(note.name);
    else alike.set(key, { note, names: [note.name] });
  }
  return [...alike.values()].map(({ note: { kind, field, why }, names }) => {
    const who = names.every((name) => /^[\w.-]+$/.test(name)) ? foldHostlist(names) : [...new Set(names)].join(', ');
    return `${kind}${who === '' ? '' : ` ${who}`}: ${field === '' ? '' : `${field}: `}${why}`;
  });
}

/** A source that can't be read. */
export function unreadable(what: string, why: string): LunaError {
  return new LunaError('invalid', `${what} can't be read: ${why}`);
}

/** A name luna takes: what it can't hold becomes a dash. */
export function lunaName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 63) || 'unnamed';
}

function without(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}
