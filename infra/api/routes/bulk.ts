import * as z from 'zod';
import type { Done } from '../../../domain/many.ts';
import { groupChangesSchema } from '../../../domain/requests/group.ts';
import { nodeChangesSchema } from '../../../domain/requests/node.ts';
import type { Documents } from '../documents.ts';
import { problemSchema } from '../problem-schema.ts';
import { type Call, type Route, route } from '../route.ts';
import { nodeNames } from './node-names.ts';

const each = z.boolean().default(false).describe('Change those that can be changed, and tell of the others why not; else it is all or none.');
const doneSchema = z.array(z.union([
  z.object({ name: z.string(), ok: z.literal(true) }),
  z.object({ name: z.string(), error: problemSchema.shape.error }),
]));
const answer = { status: 200, schema: doneSchema } as const;

/** The same to many objects in one call: one line in the terms of the history, undone at once. */
export const bulkRoutes: Route[] = [
  route({
    method: 'post', path: '/nodes/change', id: 'changeManyNodes', tag: 'nodes', role: 'admin', tried: true,
    summary: 'Change many nodes alike, all or none',
    body: z.strictObject({ names: nodeNames, changes: nodeChangesSchema, each }),
    answer,
    handle: (call) => done(call, (documents, { names, changes, each: some }, by) => documents.changeNodes(names, changes, some, by)),
  }),
  route({
    method: 'post', path: '/groups/change', id: 'changeManyGroups', tag: 'groups', role: 'admin', tried: true,
    summary: 'Change many groups alike, all or none',
    body: z.strictObject({ names: nodeNames, changes: groupChangesSchema, each }),
    answer,
    handle: (call) => done(call, (documents, { names, changes, each: some }, by) => documents.changeGroups(names, changes, some, by)),
  }),
  route({
    method: 'post', path: '/nodes/delete', id: 'deleteManyNodes', tag: 'nodes', role: 'admin', tried: true,
    summary: 'Delete many nodes, all or none',
    body: z.strictObject({ names: nodeNames, each: each.describe('Delete those that can be deleted, and tell of the others why not; else it is all or none.') }),
    answer,
    handle: (call) => done(call, (documents, { names, each: some }, by) => documents.removeNodes(names, some, by)),
  }),
];

async function done<Body>({ deps: { documents }, body, caller }: Call<unknown, Body>, work: (documents: Documents, body: Body, by: string) => Promise<Done[]>): Promise<Done[]> {
  const answers = await work(documents, body, caller.by);
  await documents.site.refresh();
  return answers;
}
