import * as z from 'zod';
import { OBJECT_KINDS, type Change } from './change.ts';

/** Where somebody is in the history: how many versions of objects and of bindings of MACs he has seen. */
export interface ChangePosition { objects: number; macs: number }

/** `17.4`: seventeen versions of objects, four of MACs. */
export const positionPattern = /^(\d{1,15})\.(\d{1,15})$/;

/** Reads a position; null for anything else. */
export function parsePosition(text: string): ChangePosition | null {
  const [, objects, macs] = positionPattern.exec(text) ?? [];
  return objects === undefined || macs === undefined ? null : { objects: Number(objects), macs: Number(macs) };
}

/** Writes it so that {@link parsePosition} reads it. */
export const positionText = ({ objects, macs }: ChangePosition): string => `${objects}.${macs}`;

/** A change as the stream of events tells it: as it is stored, ids for references. */
export const changeSchema = z.object({
  _id: z.string(),
  at: z.string(),
  tx: z.string().describe('What was done together has the same.'),
  version: z.string(),
  kind: z.enum([...OBJECT_KINDS, 'mac', 'artefact']),
  id: z.string(),
  name: z.string(),
  rev: z.number().int().describe('-1: removed.'),
  by: z.string(),
  diff: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])),
}).meta({ id: 'ChangeEvent' }) satisfies z.ZodType<Change>;
