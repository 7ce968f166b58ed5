import * as z from 'zod';
import type { Call } from './route.ts';

/** What a list may be asked: so many at most, those after this one. */
export const pageFields = {
  limit: z.coerce.number().int().min(1).max(10_000).optional().describe('At most so many; the Link header leads to the next ones.'),
  after: z.string().min(1).max(200).optional().describe('Only those after this one: the key of the last one had (for most lists its name).'),
};

/** The query of a list that has no other parameters. */
export const pageQuery = z.strictObject(pageFields);

/** A question for a page. */
export interface PageAsked { limit?: number | undefined; after?: string | undefined }

/**
 * The page that was asked for of a list in the order of its keys; all of it when nothing was asked. Tells by a `Link`
 * header (RFC 8288) where the next page is. What comes after a key that is gone by now is found all the same.
 */
export function page<T>({ query, request, response }: Pick<Call<PageAsked, unknown>, 'query' | 'request' | 'response'>, list: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const { limit, after } = query;
  const rest = after === undefined ? list : list.filter((item) => keyOf(item) > after);
  if (limit === undefined || rest.length <= limit) return rest;
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  if (last !== undefined) linkNext({ request, response }, keyOf(last));
  return shown;
}

/** Tells where the page after this key is. */
export function linkNext({ request, response }: Pick<Call<unknown, unknown>, 'request' | 'response'>, key: string): void {
  const next = new URL(request.originalUrl, 'http://localhost');
  next.searchParams.set('after', key);
  response.set('Link', `<${next.pathname}${next.search}>; rel="next"`);
}
