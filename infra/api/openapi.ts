import * as z from 'zod';
import { trialSchema } from '../../domain/change-view.ts';
import { problemSchema } from './problem-schema.ts';
import { type Answer, type Route, TAGS } from './route.ts';

type Json = Record<string, unknown>;

/** Where the calls begin. */
export const API_BASE = '/api/v1';

/** The OpenAPI 3.1 document of some calls: everything in it comes from their declarations. */
export function openApiDocument(routes: readonly Route[]): Json {
  const schemas = componentsOf();
  const paths: Record<string, Json> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operation(route, schemas);
  const problem = schemas.of(problemSchema, 'output');
  return {
    openapi: '3.1.0',
    info: {
      title: 'luna',
      version: '1',
      description: 'Installs bare-metal clusters. Lists are arrays; refusals are problem details (RFC 9457) with the reason and the next command to type.',
      contact: { name: 'The administrators of this luna' },
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: API_BASE, description: 'The controller: https on port 7051, or plain on its unix socket.' }],
    security: [{ token: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'A token of `luna token add`; root needs none on the unix socket.' } },
      responses: { Problem: { description: 'Refused: the reason, and what to do next.', content: { 'application/problem+json': { schema: problem } } } },
      schemas: schemas.all,
    },
  };
}

/** The document as text; made once per list of calls. */
export function openApiText(routes: readonly Route[]): string {
  let text = texts.get(routes);
  if (text === undefined) texts.set(routes, text = JSON.stringify(openApiDocument(routes)));
  return text;
}
const texts = new WeakMap<readonly Route[], string>();

function operation(route: Route, schemas: Components): Json {
  const { id, tag, summary, description, role } = route;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: `${description === undefined ? `${summary}.` : description} Needs the role ${role}.`,
    'x-luna-role': role,
    parameters: [...pathParameters(route), ...queryParameters(route, schemas), ...revisionParameter(route), ...trialParameter(route)],
    ...requestBody(route, schemas),
    responses: { ...answers(route, schemas), default: { $ref: '#/components/responses/Problem' } },
  };
}

/** A trial is answered with 200 and what would change. */
function answers(route: Route, schemas: Components): Json {
  const done: Json = { description: 'Done.', ...headersOf(route), ...contentOf(route.answer, schemas) };
  if (!mayBeTried(route)) return { [route.answer.status]: done };
  const trial = { description: 'What would change; nothing was.', content: { 'application/json': { schema: schemas.of(trialSchema, 'output') } } };
  if (route.answer.status !== 200) return { 200: trial, [route.answer.status]: done };
  const either = 'schema' in route.answer ? z.union([route.answer.schema, trialSchema]) : trialSchema;
  return { 200: { ...done, content: { 'application/json': { schema: schemas.of(either, 'output') } } } };
}

function mayBeTried({ tried, rehearse }: Route): boolean {
  return tried === true || rehearse !== undefined;
}

function trialParameter(route: Route): Json[] {
  if (!mayBeTried(route)) return [];
  return [{ name: 'dry_run', in: 'query', required: false, description: 'Change nothing, only tell what would, and what follows.', schema: { type: 'string', const: '1' } }];
}

function requestBody({ body, source }: Route, schemas: Components): Json {
  const schema = source?.schema ?? body;
  if (!schema) return {};
  const texts = Object.fromEntries((source?.texts ?? []).map((type) => [type, { schema: { type: 'string' } }]));
  return { requestBody: { required: true, content: { 'application/json': { schema: schemas.of(schema, 'input') }, ...texts } } };
}

function pathParameters({ path }: Route): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name, in: 'path', required: true, description: `The ${name} in the path.`, schema: { type: 'string' },
  }));
}

function queryParameters({ query }: Route, schemas: Components): Json[] {
  if (!query) return [];
  const { properties = {}, required = [] } = schemas.of(query, 'input') as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name, in: 'query', required: required.includes(name), description: description ?? `The ${name} to ask for.`, schema,
  }));
}

function revisionParameter({ revised, method }: Route): Json[] {
  if (!revised || method === 'get') return [];
  return [{ name: 'If-Match', in: 'header', required: false, description: 'The ETag the sender has seen; 412 when there is a newer one.', schema: { type: 'string' } }];
}

function headersOf({ revised, paged, method }: Route): Json {
  const headers = {
    ...(revised && method !== 'delete' ? { ETag: { description: 'The revision, for If-Match.', schema: { type: 'string' } } } : {}),
    ...(paged ? { Link: { description: 'Where the next page is (RFC 8288).', schema: { type: 'string' } } } : {}),
  };
  return Object.keys(headers).length === 0 ? {} : { headers };
}

function contentOf(answer: Answer, schemas: Components): Json {
  if ('schema' in answer) {
    const text = answer.text === undefined ? {} : { [answer.text]: { schema: { type: 'string' } } };
    return { content: { 'application/json': { schema: schemas.of(answer.schema, answer.io ?? 'output') }, ...text } };
  }
  if ('text' in answer) return { content: { [answer.text]: { schema: answer.text === 'application/json' ? { type: 'object' } : { type: 'string' } } } };
  if ('stream' in answer) return { content: { [answer.stream]: { schema: { type: 'string', 'x-luna-data': schemas.of(answer.data, 'output') } } } };
  return {};
}

/** Schemas that are named stand in the document once. */
interface Components { all: Record<string, Json>; of(schema: z.ZodType, io: 'input' | 'output'): Json }

function componentsOf(): Components {
  const all: Record<string, Json> = {};
  return {
    all,
    of(schema, io) {
      const text = JSON.stringify(z.toJSONSchema(schema, { io, override: ({ jsonSchema }) => { boundTuple(jsonSchema); } }),
        (key, value: unknown) => key === '$schema' || key === 'id' && typeof value === 'string' ? undefined : value);
      const { $defs = {}, ...rest } = JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')) as Json & { $defs?: Record<string, Json> };
      Object.assign(all, $defs);
      return rest;
    },
  };
}

/** Spectral takes `items: false` after `prefixItems` for a missing one; the lengths say the same. */
function boundTuple(schema: z.core.JSONSchema.BaseSchema): void {
  if (Array.isArray(schema.prefixItems) && schema.items === false) schema.items = {};
}
