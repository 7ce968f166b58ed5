import { LunaError } from '../../domain/errors.ts';
import type { Document, LineCounter } from 'yaml';
import type * as z from 'zod';
import { type ReadSiteFile, type SiteFile, siteFileSchema } from '../../domain/site-file.ts';
import { refusal, type SiteProblem } from '../../domain/site-problems.ts';

/** A site file that was read, and a way to say what is wrong with it by its lines. */
export interface ReadSite {
  /** Without what can't be read. */
  file: ReadSiteFile;
  /** What can't be read: then the file is not to be applied, only to be looked through for more. */
  problems: SiteProblem[];
  /** Objects that had to be left out whole, as `section/name`. */
  unread: Set<string>;
  refuse(problems: readonly SiteProblem[]): LunaError;
}

/** Reads a site file: YAML text, or what such a text stands for. Throws LunaError `invalid` when nothing can be made of it; it names every wrong place and its line. */
export async function readSite(body: unknown): Promise<ReadSite> {
  const { value, lineOf } = typeof body === 'string' ? await parseYaml(body) : { value: body, lineOf: () => null };
  const refuse = (problems: readonly SiteProblem[]): LunaError => refusal(problems, lineOf);
  const parsed = siteFileSchema.safeParse(value ?? {});
  if (parsed.success) return { file: parsed.data, problems: [], unread: new Set(), refuse };
  const problems = parsed.error.issues.flatMap(problemsOf);
  const { rest, unread } = readableRest(value, problems);
  if (!rest) throw refuse(problems);
  return { file: rest, problems, unread, refuse };
}

/** What is left of a file without its wrong places: first without these fields, then without the objects that need them. */
function readableRest(value: unknown, problems: readonly SiteProblem[]): { rest: ReadSiteFile | null; unread: Set<string> } {
  const left: unknown = structuredClone(value);
  for (const { path } of problems) removeAt(left, path);
  const first = siteFileSchema.safeParse(left);
  if (first.success) return { rest: first.data, unread: new Set() };
  const unread = new Set<string>();
  for (const { path: [section = '', name] } of first.error.issues) {
    if (name === undefined) return { rest: null, unread };
    removeAt(left, [section, name]);
    unread.add(`${String(section)}/${String(name)}`);
  }
  const second = siteFileSchema.safeParse(left);
  return { rest: second.success ? second.data : null, unread };
}

function removeAt(value: unknown, path: readonly PropertyKey[]): void {
  let holder = value;
  for (const [i, name] of path.entries()) {
    if (typeof holder !== 'object' || holder === null) return;
    const next = (holder as Record<PropertyKey, unknown>)[name];
    // An item of a list goes with its list: the others must not move.
    if (i === path.length - 1 || Array.isArray(next)) {
      Reflect.deleteProperty(holder, name);
      return;
    }
    holder = next;
  }
}

/** A site as YAML; long texts as blocks, nothing broken into lines that isn't. */
export async function siteYaml(site: SiteFile): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(site, { lineWidth: 0, aliasDuplicateObjects: false });
}

async function parseYaml(text: string): Promise<{ value: unknown; lineOf: (path: readonly string[]) => number | null }> {
  const { isMap, isScalar, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const errors = document.errors.map(({ message }) => message.replace(/\s*\n[\s\S]*$/, ''));
  if (errors.length > 0) throw new LunaError('invalid', `the site file is no YAML:${errors.length === 1 ? ' ' : '\n  '}${errors.join('\n  ')}`);
  const lineOf = (path: readonly string[]): number | null => {
    // The deepest key on the way that the text has.
    let node: unknown = document.contents;
    let line: number | null = null;
    for (const name of path) {
      const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === name) : undefined;
      if (!pair) break;
      const range = isScalar(pair.key) ? pair.key.range : undefined;
      if (range) line = lines.linePos(range[0]).line;
      node = pair.value;
    }
    return line;
  };
  return { value: await valueOf(document, lines), lineOf };
}

/** What a document stands for. Throws LunaError `invalid` for an alias of nothing, and for aliases that would grow beyond all bounds. */
async function valueOf(document: Document, lines: LineCounter): Promise<unknown> {
  try {
    return document.toJS() as unknown;
  } catch (error) {
    const { isAlias, visit } = await import('yaml');
    const anchors = new Set<string>();
    let where = '';
    visit(document, {
      Node(_key, node) {
        if (!isAlias(node)) {
          if (node.anchor !== undefined) anchors.add(node.anchor);
        } else if (!anchors.has(node.source)) {
          where = node.range ? `line ${lines.linePos(node.range[0]).line}: ` : '';
          return visit.BREAK;
        }
        return undefined;
      },
    });
    throw new LunaError('invalid', `the site file is refused: ${where}${error instanceof Error ? error.message : String(error)}`);
  }
}

function problemsOf(issue: z.core.$ZodIssue): SiteProblem[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: [...path, key], message: 'luna knows no such field' }));
  if (issue.code === 'invalid_union') {
    // The branch that a value was meant for is the one that says more than that it is of another type.
    const branches = issue.errors.flat();
    const told = branches.find(({ code }) => code !== 'invalid_type') ?? branches[0];
    if (told) return problemsOf({ ...told, path: [...issue.path, ...told.path] });
  }
  if (issue.code === 'invalid_type' && issue.input === undefined && issue.message.endsWith('received undefined')) return [{ path, message: 'is missing' }];
  return [{ path, message: issue.message.replace(/^Invalid input: /, '') }];
}
