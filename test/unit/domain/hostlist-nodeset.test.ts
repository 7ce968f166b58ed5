import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { foldHostlist } from '../../../domain/hostlist-fold.ts';
import { expandHostlist } from '../../../domain/hostlist.ts';
import { dice, makeHostlist } from '../../support/hostlist-maker.ts';
import { askNodeset, type NodesetAnswer } from '../../support/nodeset.ts';

const COUNT = 3000;
const GROUPS: Record<string, string> = { compute: 'n[1-12]', login: 'login,n[3-4]', rack1: 'rack1n[01-04]', rack2: 'rack2n[01-04]', padded: 'n[001-010]' };
const NAMED = [...Object.keys(GROUPS), 'rack[1-2]', '*'];

const members = (group: string): string[] => (group === '*' ? Object.keys(GROUPS) : [group]).flatMap((name) => (GROUPS[name] === undefined ? [] : expandHostlist(GROUPS[name])));

/** The names, sorted; none for a hostlist that is refused for standing for none, as nodeset answers it with nothing. */
function expanded(text: string): string[] {
  try {
    return expandHostlist(text, members).sort();
  } catch (error) {
    if (/stands for no name/.test(String(error))) return [];
    throw error;
  }
}

function namesOf(answer: NodesetAnswer | undefined, text: string): string[] {
  assert.ok(answer && 'names' in answer, `nodeset refuses ${text}: ${JSON.stringify(answer)}`);
  return answer.names.toSorted();
}

describe("hostlists beside ClusterShell's nodeset", () => {
  const from = dice(4);
  const expressions = Array.from({ length: COUNT }, () => makeHostlist(from, NAMED));

  it(`stands for the same names in ${COUNT} expressions, written out and folded by either`, () => {
    const luna = expressions.map(expanded);
    const folded = luna.map(foldHostlist);
    const answers = askNodeset(GROUPS, [...expressions, ...folded]);

    for (const [i, text] of expressions.entries()) {
      const names = luna[i] ?? [];
      const answer = answers[i];
      assert.deepEqual(namesOf(answer, text), names, text);
      assert.deepEqual(namesOf(answers[COUNT + i], folded[i] ?? ''), names, `nodeset reads ${folded[i]} otherwise`);
      if (names.length > 0 && answer && 'fold' in answer) assert.deepEqual(expanded(answer.fold), names, `luna reads ${answer.fold} otherwise`);
    }
    assert.ok(luna.filter((names) => names.length === 0).length < COUNT / 4, 'too many of them stand for nothing');
  });

  const broken = ['n[1-3', 'n1-3]', 'n[3-1]', 'n[01-010]', 'n[1-010]', 'n[a-b]', 'n[]', 'n[1-9/0]', 'n[[1-2]]', 'a,', '@nobody[', 'n[1-2]!'];
  it('refuses what nodeset refuses', () => {
    const answers = askNodeset(GROUPS, broken);
    for (const [i, text] of broken.entries()) {
      assert.ok('error' in (answers[i] ?? {}), `nodeset takes ${text}`);
      assert.throws(() => expandHostlist(text, members), /hostlist/, text);
    }
  });

  it('reads a range behind digits as it is written, where nodeset puts the digits before both ends', () => {
    assert.deepEqual(expandHostlist('n1[8-10]'), ['n18', 'n19', 'n110']);
    assert.equal(namesOf(askNodeset({}, ['n1[8-10]'])[0], 'n1[8-10]').length, 93);
  });
});
