import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '../../infra/root.ts';
import { luna1Bugs } from '../support/luna1-bugs.ts';
import { lunaExecutables } from '../support/luna-executables.ts';
import { type Effect, EFFECTS, TUTORIALS } from '../support/tutorial-effects.ts';
import { noTutorialHost, startTutorialHost, type TutorialHost } from '../support/tutorial-host.ts';
import { tutorialLines } from '../support/tutorial-lines.ts';

const dialects = [['commands-seed.txt', 'as in the seed'], ['commands-1.2.txt', 'as in 1.2']] as const;
const effects: Record<string, Effect> = EFFECTS;
const ran: { dialect: string; line: string; outcome: string }[] = [];

for (const [fixture, dialect] of dialects) {
  describe(`the tutorial of Luna 1, ${dialect}, on a fresh luna up`, { skip: noTutorialHost(), timeout: 900_000 }, () => {
    const lines = tutorialLines(fixture);
    let host: TutorialHost;
    before(async () => { host = await startTutorialHost(); });
    after(() => host.stop());

    it('has an effect for each line', () => { assert.equal(lines.length, TUTORIALS[fixture].length); });

    for (const [i, line] of lines.entries()) {
      const effect = effects[TUTORIALS[fixture][i] ?? ''];
      const [first = ''] = line.split('\n');
      it(`${first}: ${effect?.expects ?? 'nothing is known of it'}`, async () => {
        const answer = await host.run(line, effect?.stdin);

        assert.equal(answer.code, 0, `${line}\n${answer.stderr}${answer.stdout}`);
        await effect?.check(host, answer);
        ran.push({ dialect, line: first, outcome: effect?.differs ?? 'equal' });
      });
    }

    (fixture === 'commands-seed.txt' ? lunaExecutables : luna1Bugs)(() => host);
  });
}

describe('the figures of the tutorial', { skip: noTutorialHost() }, () => {
  it('are those of docs/luna-1.md', () => {
    const figures = dialects.map(([, dialect]) => {
      const lines = ran.filter((one) => one.dialect === dialect);
      const equal = lines.filter(({ outcome }) => outcome === 'equal').length;
      return `| ${dialect} | ${lines.length} | ${equal} | ${lines.length - equal} |`;
    });
    for (const { dialect, line, outcome } of ran) console.log(`${dialect.padEnd(14)}  ${line}\n${''.padEnd(16)}${outcome === 'equal' ? outcome : `different: ${outcome}`}`);
    console.log(figures.join('\n'));

    const doc = readFileSync(join(projectRoot, 'docs/luna-1.md'), 'utf8');
    for (const figure of figures) assert.ok(doc.includes(figure), `docs/luna-1.md lacks: ${figure}`);
    for (const { outcome } of ran) if (outcome !== 'equal') assert.ok(doc.includes(outcome), `docs/luna-1.md lacks: ${outcome}`);
  });
});
