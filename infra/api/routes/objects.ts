import * as z from 'zod';
import { LunaError } from '../../../domain/errors.ts';
import type { Site } from '../../../domain/site.ts';
import type { ApiDeps } from '../deps.ts';
import type { Documents, Editor, Named } from '../documents.ts';
import { page, pageFields } from '../page.ts';
import { revisionSeen, tellRevision } from '../revision.ts';
import { type Call, type Route, route, type TAGS } from '../route.ts';

/** One kind of object as the API serves it. */
export interface Kind<T extends { _id: string; name: string }, New, Changes extends { rev?: number | undefined }> {
  /** Singular, as in messages and commands; `plural` stands in paths. */
  word: string;
  plural: keyof typeof TAGS;
  all(site: Site): Iterable<T>;
  /** What people see of some of them. */
  views(site: Site, objects: readonly T[], documents: Documents): Promise<object[]> | object[];
  editor(documents: Documents): Editor<New, Changes, Named | Named[]>;
  /** Of a document as it is stored, and of what people see. */
  storedSchema: z.ZodType;
  viewSchema: z.ZodType;
  newSchema: z.ZodType<New>;
  changesSchema: z.ZodType<Changes>;
  /** Several are made by one call. */
  many?: boolean;
  /** Refuses what only this machine can tell. */
  check?(wanted: New | Changes, deps: ApiDeps): Promise<void>;
}

/** The object of that name. Throws LunaError `not-found`. */
export function named<T extends { name: string }>(objects: Iterable<T>, word: string, name: string): T {
  for (const object of objects) if (object.name === name) return object;
  throw new LunaError('not-found', `there is no ${word} named ${name}`, `luna ${word} list`);
}

/** Asks for the documents as they are stored. */
export const rawField = { raw: z.literal('1').optional().describe('The documents as they are stored: ids for references, offsets for addresses.') };

/** List, show, add, change and delete of one kind. Answers to changes show what is stored then. */
export function objectRoutes<T extends { _id: string; name: string }, New, Changes extends { rev?: number | undefined }>(kind: Kind<T, New, Changes>): Route[] {
  const { word, plural: tag, viewSchema } = kind;
  const [title, titles] = [capital(word), capital(tag)];
  const shownSchema = z.union([viewSchema, kind.storedSchema]);

  async function show(documents: Documents, site: Site, objects: readonly T[], raw?: unknown): Promise<object[]> {
    return raw === '1' ? [...objects] : kind.views(site, objects, documents);
  }
  async function showOne({ deps: { documents }, response }: Call<unknown, unknown>, site: Site, name: string, raw?: unknown): Promise<object | undefined> {
    const [shown] = await show(documents, site, [named(kind.all(site), word, name)], raw);
    tellRevision(response, shown);
    return shown;
  }

  return [
    route({
      method: 'get', path: `/${tag}`, id: `list${titles}`, tag, role: 'viewer', paged: true,
      summary: `List ${tag}, by name`,
      query: z.strictObject({ ...rawField, ...pageFields }),
      answer: { status: 200, schema: z.array(shownSchema) },
      handle(call) {
        const { documents } = call.deps;
        const site = documents.site.current();
        return show(documents, site, page(call, [...kind.all(site)], ({ name }) => name), call.query.raw);
      },
    }),
    route({
      method: 'get', path: `/${tag}/{name}`, id: `show${title}`, tag, role: 'viewer', revised: true,
      summary: `Show one ${word}`,
      query: z.strictObject(rawField),
      answer: { status: 200, schema: shownSchema },
      handle: (call) => showOne(call, call.deps.documents.site.current(), call.param('name'), call.query.raw),
    }),
    route({
      method: 'post', path: `/${tag}`, id: `add${kind.many ? titles : title}`, tag, role: 'admin', tried: true,
      summary: kind.many ? `Add ${tag}` : `Add a ${word}`,
      body: kind.newSchema,
      answer: { status: 201, schema: kind.many ? z.array(viewSchema) : viewSchema },
      async handle(call) {
        const { deps, body } = call;
        await kind.check?.(body, deps);
        const made = await kind.editor(deps.documents).add(body, call.caller.by);
        const site = await deps.documents.site.refresh();
        if (!Array.isArray(made)) return showOne(call, site, made.name);
        const names = new Map([...kind.all(site)].map((object) => [object.name, object]));
        return show(deps.documents, site, made.flatMap(({ name }) => names.get(name) ?? []));
      },
    }),
    route({
      method: 'patch', path: `/${tag}/{name}`, id: `change${title}`, tag, role: 'admin', revised: true, tried: true,
      summary: `Change a ${word}`,
      description: 'Fields that are not sent stay as they are.',
      body: kind.changesSchema,
      answer: { status: 200, schema: viewSchema },
      async handle(call) {
        const { deps, body } = call;
        await kind.check?.(body, deps);
        const seen = revisionSeen(call.request);
        const changed = await kind.editor(deps.documents).change(call.param('name'), seen === undefined ? body : { ...body, rev: seen }, call.caller.by);
        return showOne(call, await deps.documents.site.refresh(), changed.name);
      },
    }),
    route({
      method: 'delete', path: `/${tag}/{name}`, id: `delete${title}`, tag, role: 'admin', revised: true, tried: true,
      summary: `Delete a ${word}`,
      description: 'Refused while something refers to it; the answer names what does.',
      answer: { status: 204 },
      async handle({ deps: { documents }, caller, param, request }) {
        await kind.editor(documents).remove(param('name'), caller.by, revisionSeen(request));
        await documents.site.refresh();
      },
    }),
  ];
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
