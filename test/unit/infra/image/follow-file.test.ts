import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { followFile } from '../../../../infra/image/follow-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'luna-follow-'));
after(() => { rmSync(folder, { recursive: true }); });

describe('following a file', () => {
  it('reads all that was written by the time the writer ended', async () => {
    const path = join(folder, 'growing');
    const data = randomBytes(5_000_000);
    writeFileSync(path, '');
    const parts: Buffer[] = [];

    const written = (async () => {
      for (let at = 0; at < data.length; at += 700_001) await appendFile(path, data.subarray(at, at + 700_001));
    })();
    await followFile(path, written, (part) => { parts.push(Buffer.from(part)); });

    assert.ok(Buffer.concat(parts).equals(data));
  });

  it('ends when the writer fails', async () => {
    const path = join(folder, 'short');
    writeFileSync(path, 'half');
    let bytes = 0;

    await followFile(path, Promise.reject(new Error('no space')), (part) => { bytes += part.length; });

    assert.equal(bytes, 4);
  });
});
