import type { ServerResponse } from 'node:http';

/** What the handlers of one request know about it, beside what they send; the record of the request tells it. */
export interface RequestNote {
  mac: string | null;
  nodeId: string | null;
  /** What was answered, for people: `install script`. Empty: the status says it. */
  answered: string;
  /** Why so; of a refusal its reason. */
  why: string;
  /** Payload bytes of a file that went out. */
  sent: number;
  /** The body was not sent whole. */
  broken: boolean;
}

const notes = new WeakMap<ServerResponse, RequestNote>();

/** The note about the request that this answers. */
export function noteOf(res: ServerResponse): RequestNote {
  const found = notes.get(res);
  if (found !== undefined) return found;
  const note: RequestNote = { mac: null, nodeId: null, answered: '', why: '', sent: 0, broken: false };
  notes.set(res, note);
  return note;
}
