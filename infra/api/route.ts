import type { Request, Response } from 'express';
import type * as z from 'zod';
import type { Caller, Role } from '../../domain/role.ts';
import type { ApiDeps } from './deps.ts';

/** One call of the API, its query and body parsed. */
export interface Call<Query, Body> {
  readonly deps: ApiDeps;
  readonly caller: Caller;
  /** A parameter of the path. */
  param(name: string): string;
  readonly query: Query;
  readonly body: Body;
  /** The body of a route with a `source`: parsed JSON, or text. */
  readonly source: unknown;
  readonly request: Request;
  readonly response: Response;
  /** Fires when the API stops: what has no end ends then. */
  readonly stopping: AbortSignal;
  /** Whether the caller may still call: his token may have expired or be revoked. */
  stillAllowed(): Promise<boolean>;
}

/**
 * What a call is answered with when it is not refused. `text`: a media type; beside a schema, it is what a text is sent as
 * that is returned in place of JSON; `io` says that the answer is what the schema reads, not what it makes of it. A `stream` is written by the route itself.
 */
export type Answer =
  | { status: 200 | 201 | 202; schema: z.ZodType; io?: 'input'; text?: string }
  | { status: 204 }
  | { status: 200; text: string }
  | { status: 200; stream: string; data: z.ZodType };

/** The words under which calls are listed in the description. */
export const TAGS = {
  cluster: 'What holds for the whole site.',
  networks: 'Networks and where luna serves.',
  switches: 'Switches that tell which machine is where.',
  otherdevs: 'Other devices with addresses.',
  osimages: 'Operating systems, packed for nodes.',
  bmcsetups: 'How management controllers are reached and set up.',
  groups: 'What nodes have in common.',
  nodes: 'Machines.',
  provision: 'Installing nodes, and how it goes.',
  boot: 'What boot services see and answer.',
  power: 'What BMCs do to machines.',
  site: 'The whole site at once.',
  access: 'Who may do what, and who did.',
  luna: 'Luna itself.',
} as const;

/** A call as it is declared: the router, the description and the checks of query, body and role all come from it. */
export interface DeclaredRoute<Query extends z.ZodType, Body extends z.ZodType> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `/api/v1`, parameters in braces: `/nodes/{name}`. */
  path: string;
  /** A name for programs, unique: `listNodes`. */
  id: string;
  tag: keyof typeof TAGS;
  summary: string;
  /** More than the summary says. */
  description?: string;
  /** The least role that may call. */
  role: Role;
  /** The parameters of the query; none when absent. An unknown one is refused. */
  query?: Query;
  body?: Body;
  /** A body that may be long or other than JSON: what it may be as JSON, as which media types it may be text, how long. The route reads it itself. */
  source?: { schema: z.ZodType; texts: readonly string[]; limit: string };
  /** `If-Match` is heard, and `ETag` told. */
  revised?: boolean;
  /** Answers a page when `limit` is asked for, and then links to the next. */
  paged?: boolean;
  /** With `?dry_run=1` nothing is kept of what the call does, and the answer tells what it would change. */
  tried?: boolean;
  /** The same for what is no matter of documents: with `?dry_run=1` the answer is what would follow, in sentences, and nothing is done. */
  rehearse?(call: Call<z.output<Query>, z.output<Body>>): string[] | Promise<string[]>;
  answer: Answer;
  /** Does it, and returns what is sent (nothing for 204 and streams). Throws LunaError. */
  handle(call: Call<z.output<Query>, z.output<Body>>): unknown;
}

/** Any call. */
export type Route = DeclaredRoute<z.ZodType, z.ZodType>;

/** Declares a call. */
export function route<Query extends z.ZodType, Body extends z.ZodType>(declared: DeclaredRoute<Query, Body>): Route {
  return declared;
}
