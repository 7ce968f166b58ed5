import { bootFile, hasVariant, type BootFile, type BootSource, type BootWishes } from './boot-file.ts';
import type { BootPaths } from './boot-paths.ts';
import type { Client } from './client.ts';
import type { DhcpDeps, Lookup } from './deps.ts';
import type { Served } from './served.ts';

/** A boot file, and the path it is on. */
export interface BootChoice extends BootFile {
  readonly path: number;
  /** The options that the site wants the machine to have. */
  readonly options: ReadonlyMap<number, Uint8Array>;
}

/** Chooses what a boot program is given; a DISCOVER begins a boot. */
export type ChooseBoot = (client: Client, discover: boolean, served: Served, lookup: Lookup) => BootChoice;

const nothingWished: BootWishes = { bootfile: null, ipxe: null };
const noOptions: ReadonlyMap<number, Uint8Array> = new Map();

/** Chooses by what the machine is, what the site wants of it, and how its boots went so far. */
export function createBootChoice(deps: SourceDeps & { readonly paths: BootPaths }): ChooseBoot {
  const { paths } = deps;

  return (client, discover, { serverText, boot }, lookup) => {
    const reserved = lookup.kind === 'reserved' ? lookup : null;
    const wishes = reserved?.boot ?? boot ?? nothingWished;
    const source = new Source(deps, client, serverText);
    const { path, why, replaced } = paths.asked(client, discover, reserved?.bootPath ?? 0, hasVariant(client, wishes, source));
    const chosen = replaced ? bootFile({ ...client, class: 'pxe' }, path, { ...wishes, bootfile: null }, source) : bootFile(client, path, wishes, source);
    return { options: wishes.options ?? noOptions, file: chosen.file, path, why: chosen.why === '' ? why : chosen.why };
  };
}

type SourceDeps = Pick<DhcpDeps, 'bootUrl' | 'httpPort' | 'hasBootFile'>;

/** Where one machine's files come from; most are told neither of the URLs, so they are written when somebody asks. */
class Source implements BootSource {
  readonly #deps: SourceDeps;
  readonly #client: Client;
  readonly #server: string;

  constructor(deps: SourceDeps, client: Client, server: string) {
    this.#deps = deps;
    this.#client = client;
    this.#server = server;
  }

  get script(): string { return this.#deps.bootUrl(this.#client.mac, this.#server, this.#deps.httpPort); }
  get http(): string { return `http://${this.#server}:${this.#deps.httpPort}`; }
  readonly has = (file: string): boolean => this.#deps.hasBootFile?.(file) ?? true;
}
