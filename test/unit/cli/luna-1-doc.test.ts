import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '../../../infra/root.ts';
import { tutorialLines } from '../../support/tutorial-lines.ts';

const doc = readFileSync(join(projectRoot, 'docs/luna-1.md'), 'utf8');

describe('docs/luna-1.md', () => {
  it('names tests that exist', () => {
    const named = [...doc.matchAll(/`(test\/[\w/.-]+)`/g)].map(([, path = '']) => path);

    assert.ok(named.length > 20);
    assert.deepEqual(named.filter((path) => !existsSync(join(projectRoot, path))), []);
  });

  it('counts the lines of the fixtures', () => {
    assert.match(doc, new RegExp(`\\| as in the seed \\| ${tutorialLines('commands-seed.txt').length} \\|`));
    assert.match(doc, new RegExp(`\\| as in 1.2 \\| ${tutorialLines('commands-1.2.txt').length} \\|`));
  });
});
