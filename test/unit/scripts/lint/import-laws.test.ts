import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Linter } from 'eslint';
import { parser } from 'typescript-eslint';
import { importLaws } from '../../../../scripts/lint/import-laws.ts';

/** What the laws say of a file with this one line. */
function verdict(file: string, line: string): string[] {
  const linter = new Linter({ cwd: '/luna' });
  const config: Linter.Config = { files: ['**/*.ts'], languageOptions: { parser }, plugins: { luna: { rules: { 'import-laws': importLaws } } }, rules: { 'luna/import-laws': 'error' } };
  return linter.verify(line, [config], `/luna/${file}`).map((message) => message.message);
}

const allowed = [
  ['domain/requests/node.ts', "import { z } from 'zod';"],
  ['domain/requests/node.ts', "import { parseMac } from '../mac.ts';"],
  ['workflows/provision-node.ts', "import type { Activities } from '../activities/index.ts';"],
  ['infra/boot/dhcp/server.ts', "import { createLog } from '../../log.ts';"],
  ['infra/boot/dhcp/server.ts', "import { libc } from '../libc.ts';"],
  ['infra/bmc/ipmi.ts', "import type { Bmc } from '../../activities/power.ts';"],
  ['workers/boot.ts', "import { startDhcp } from '../infra/boot/dhcp/server.ts';"],
  ['cli/commands/up.ts', "const { bringUp } = await import('../../infra/engine/up.ts');"],
  ['test/unit/x.test.ts', "import { anything } from '../../infra/store/nodes.ts';"],
] as const;

const refused = [
  ['domain/node.ts', "import { readFileSync } from 'node:fs';", 'domain may not import the package node:fs.'],
  ['domain/node.ts', "import { createLog } from '../infra/log.ts';", 'domain may not import infra/log.ts.'],
  ['workflows/provision-node.ts', "import { powerOn } from '../activities/power.ts';", 'workflows may not import activities/power.ts but by import type.'],
  ['activities/power.ts', "import { ipmi } from '../infra/bmc/ipmi.ts';", 'activities may not import infra/bmc/ipmi.ts.'],
  ['infra/boot/dhcp/server.ts', "import { nodes } from '../../store/nodes.ts';", 'infra/boot/dhcp may not import infra/store/nodes.ts.'],
  ['infra/boot/dhcp/packet.ts', "import { createSocket } from 'node:dgram';", 'infra/boot/dhcp may not import the package node:dgram.'],
  ['infra/store/nodes.ts', "import { runProcess } from '../../workers/run.ts';", 'infra/store may not import workers/run.ts.'],
  ['cli/commands/node/list.ts', "import { nodes } from '../../../infra/store/nodes.ts';", 'cli/commands/node may not import infra/store/nodes.ts.'],
  ['cli/commands/node/list.ts', "const { bringUp } = await import('../../../infra/engine/up.ts');", 'cli/commands/node may not import infra/engine/up.ts.'],
  ['cli/base.ts', "import { MongoClient } from 'mongodb';", 'cli may not import the package mongodb.'],
] as const;

for (const [file, line] of allowed) {
  test(`lets ${file} write: ${line}`, () => { assert.deepEqual(verdict(file, line), []); });
}

for (const [file, line, message] of refused) {
  test(`keeps ${file} from: ${line}`, () => { assert.deepEqual(verdict(file, line), [message]); });
}
