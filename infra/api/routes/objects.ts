import { Router } from 'express';
import type * as z from 'zod';
import { LunaError } from '../../../domain/errors.ts';
import type { Site } from '../../../domain/site.ts';
import { parseBody } from '../body.ts';
import type { Documents, Editor, Named } from '../documents.ts';

/** One kind of object as the API serves it. */
export interface Kind<T extends { _id: string; name: string }, New, Changes> {
  /** Singular, as in messages and commands. */
  word: string;
  all(site: Site): Iterable<T>;
  /** What people see of some of them. */
  views(site: Site, objects: readonly T[]): Promise<object[]> | object[];
  editor: Editor<New, Changes, Named | Named[]>;
  newSchema: z.ZodType<New>;
  changesSchema: z.ZodType<Changes>;
  /** Refuses what only this machine can tell. */
  check?(wanted: New | Changes): Promise<void>;
}

/** The object of that name. Throws LunaError `not-found`. */
export function named<T extends { name: string }>(objects: Iterable<T>, word: string, name: string): T {
  for (const object of objects) if (object.name === name) return object;
  throw new LunaError('not-found', `there is no ${word} named ${name}`, `luna ${word} list`);
}

/** List, show, add, change and delete of one kind. Answers to changes show what is stored then. */
export function objectRoutes<T extends { _id: string; name: string }, New, Changes>(
  kind: Kind<T, New, Changes>, documents: Documents, by: string,
): Router {
  const routes = Router();
  const shown = async (site: Site, objects: readonly T[], raw: unknown): Promise<object[]> =>
    raw === '1' ? [...objects] : kind.views(site, objects);
  const one = async (site: Site, name: string, raw?: unknown): Promise<object | undefined> =>
    (await shown(site, [named(kind.all(site), kind.word, name)], raw))[0];

  routes.get('/', async (request, response) => {
    const site = documents.site.current();
    response.json(await shown(site, [...kind.all(site)], request.query['raw']));
  });
  routes.get('/:name', async (request, response) => {
    response.json(await one(documents.site.current(), request.params.name, request.query['raw']));
  });
  routes.post('/', async (request, response) => {
    const wanted = parseBody(kind.newSchema, request.body);
    await kind.check?.(wanted);
    const made = await kind.editor.add(wanted, by);
    const site = await documents.site.refresh();
    response.status(201);
    if (!Array.isArray(made)) response.json(await one(site, made.name));
    else {
      const names = new Map([...kind.all(site)].map((object) => [object.name, object]));
      response.json(await shown(site, made.flatMap(({ name }) => names.get(name) ?? []), undefined));
    }
  });
  routes.patch('/:name', async (request, response) => {
    const changes = parseBody(kind.changesSchema, request.body);
    await kind.check?.(changes);
    const changed = await kind.editor.change(request.params.name, changes, by);
    response.json(await one(await documents.site.refresh(), changed.name));
  });
  routes.delete('/:name', async (request, response) => {
    await kind.editor.remove(request.params.name, by);
    await documents.site.refresh();
    response.status(204).end();
  });
  return routes;
}
