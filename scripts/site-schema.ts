import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { siteSchema } from '../infra/api/routes/site.ts';

// Writes docs/site.schema.json anew: node scripts/site-schema.ts. A test says when that is due.
writeFileSync(join(import.meta.dirname, '../docs/site.schema.json'), `${JSON.stringify(siteSchema(), null, 2)}\n`);
