import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { openApiDocument } from '../../infra/api/openapi.ts';
import { apiRoutes } from '../../infra/api/routes.ts';

/** A call, as far as it is looked at here. */
export interface Described {
  parameters: { name: string; in: string }[];
  requestBody?: { content: Record<string, object> };
  responses: Record<string, { $ref?: string; content?: Record<string, object> }>;
}

// Formats are told to people by their patterns too.
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
const document = openApiDocument(apiRoutes) as { paths: Record<string, Record<string, Described>> };
ajv.addSchema(document, 'luna');
const compiled = new Map<string, ValidateFunction>();
const paths = Object.keys(document.paths).map((path) => ({ path, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}/?$`) }));

/** How a call is described, if it is. The path is below /api/v1 and has no query. */
export function describedCall(method: string, path: string): { path: string; verb: string; described: Described } | undefined {
  const verb = method.toLowerCase();
  // Literal segments are more than parameters: /nodes/change is no node.
  const fitting = paths.filter(({ pattern }) => pattern.test(path)).sort((a, b) => a.path.split('{').length - b.path.split('{').length);
  for (const { path: known } of fitting) {
    const described = document.paths[known]?.[verb];
    if (described) return { path: known, verb, described };
  }
  return undefined;
}

/** Compares a call with the API's own description; throws when there is no such call, or it takes other parameters or another body. */
export function demandKnown(method: string, path: string, body: unknown): void {
  const [plain = '', query] = path.split('?');
  const what = `${method} ${path}`;
  const known = describedCall(method, plain);
  if (!known) throw new Error(`${what}: the description knows no such call`);
  const { verb, described } = known;
  for (const name of new URLSearchParams(query).keys()) {
    if (!described.parameters.some((one) => one.in === 'query' && one.name === name)) throw new Error(`${what}: the description knows no parameter ${name}`);
  }
  if (typeof body === 'string' && described.requestBody && Object.keys(described.requestBody.content).length > 1) return;
  if (body === undefined ? described.requestBody !== undefined : described.requestBody === undefined) throw new Error(`${what}: ${body === undefined ? 'no' : 'a'} body`);
  if (body !== undefined) demandValid(what, pointerTo(['paths', known.path, verb, 'requestBody', 'content', 'application/json', 'schema']), body);
}

/**
 * Compares an answer with what the API's own description says of it; throws with every difference. What is described
 * nowhere must be refused.
 */
export function demandDescribed(method: string, path: string, answer: { status: number; mediaType: string; json: unknown; text: string }): void {
  const what = `${method} ${path} → ${answer.status}`;
  const found = describedCall(method, path.split('?')[0] ?? '');
  if (answer.status >= 400) {
    if (answer.mediaType !== 'application/problem+json') throw new Error(`${what}: a refusal of type ${answer.mediaType}`);
    demandValid(what, '/components/responses/Problem/content/application~1problem+json/schema', answer.json);
    return;
  }
  if (!found) throw new Error(`${what}: the description knows no such call`);
  const { content } = found.described.responses[String(answer.status)] ?? { content: { 'a status it knows': {} } };
  const mediaTypes = Object.keys(content ?? {});
  if (mediaTypes.length === 0) {
    if (answer.text !== '') throw new Error(`${what}: a body, though none is described`);
    return;
  }
  if (!mediaTypes.includes(answer.mediaType)) throw new Error(`${what}: described as ${mediaTypes.join(' or ')}, is ${answer.mediaType}`);
  demandValid(what, pointerTo(['paths', found.path, found.verb, 'responses', String(answer.status), 'content', answer.mediaType, 'schema']), answer.json ?? answer.text);
}

/** A JSON pointer (RFC 6901) in a URI. */
function pointerTo(parts: readonly string[]): string {
  return `/${parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
}

function demandValid(what: string, pointer: string, value: unknown): void {
  const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `luna#${pointer}` });
  compiled.set(pointer, validate);
  if (!validate(value)) throw new Error(`${what}: not as described: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(value).slice(0, 1000)}`);
}
