import * as z from 'zod';
import { bootRecordSchema } from './boot-record.ts';

/** A boot record as people and programs read it. */
export const tracedSchema = bootRecordSchema.extend({
  facts: bootRecordSchema.shape.facts.unwrap(),
  /** The node's name; null for a machine that is none. */
  node: z.string().nullable(),
  /** When it was written down, ISO 8601: later than `at` for what took long. */
  noted: z.string(),
});
export type Traced = z.infer<typeof tracedSchema>;
