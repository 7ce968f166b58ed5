import { parseArgs } from 'node:util';
import { report, rounded, say } from './support/outcome.ts';
import { type Check, checks } from './swarm-model/checks.ts';
import { measuredBy } from './swarm-model/measured.ts';
import { predict, type Prediction } from './swarm-model/predict.ts';
import { questions } from './swarm-model/questions.ts';

// What a discrete-event model of the swarm says, with luna's own tracker deciding the shape: first of the runs that `swarm`
// measures, to see how far it may be believed, then of sites larger and faster than two cores can carry.

const { values: options } = parseArgs({
  options: {
    /** The largest site to ask about. */
    most: { type: 'string', default: '5000' },
    /** Leaves out the comparison with measured runs, or the larger sites. */
    only: { type: 'string' },
    rounds: { type: 'string', default: '2' },
  },
});

const rows: (string | number)[][] = [];
const errors: number[] = [];
const figures: Record<string, number | null> = {};
const shown = (value: number | null): string => (value === null ? '> 5' : value.toFixed(3));

if (options.only !== 'large') {
  for (const check of checks) {
    const predicted = await middleOf(check, Number(options.rounds));
    const measured = measuredBy(check.name);
    if (measured !== null && predicted.last !== null) errors.push(predicted.last / measured - 1);
    rows.push([check.name, check.site, shown(predicted.last), measured === null ? '–' : shown(measured), rounded(predicted.copies), predicted.depth]);
    say(`${check.name}: ${shown(predicted.last)}${measured === null ? '' : `, measured ${shown(measured)}`} ${predicted.events.join('; ')}`);
  }
  const known = errors.length > 0;
  figures['mean_error'] = known ? rounded(errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length, 3) : null;
  figures['worst_error'] = known ? rounded(Math.max(...errors.map(Math.abs)), 3) : null;
}
if (options.only !== 'checks') {
  for (const question of questions.filter(({ plan }) => plan.machines <= Number(options.most))) {
    const predicted = await predict(question.plan);
    rows.push([question.name, question.site, shown(predicted.last), '–', rounded(predicted.copies), predicted.depth]);
    figures[question.figure] = predicted.last === null ? null : rounded(predicted.last, 3);
    say(`${question.name}, ${question.site}: ${shown(predicted.last)} × ${rounded(question.plan.bytes / question.plan.rate, 2)} s; computed in ${rounded(predicted.seconds, 0)} s`);
  }
}
report({ bench: 'swarm-model', columns: ['case', 'site', 'T_last ÷ ideal', 'measured', 'copies', 'depth'], rows, figures, targets: { mean_error: 0.08 } });



/** Of rounds that differ by chance the middle one of the last machine's time, as the benchmark takes it. */
async function middleOf({ plan }: Check, rounds: number): Promise<Prediction> {
  const all: Prediction[] = [];
  const chance = plan.stagger > 0 ? rounds : 1;
  for (let seed = 1; seed <= chance; seed += 1) all.push(await predict({ ...plan, seed }));
  all.sort((a, b) => (a.last ?? Infinity) - (b.last ?? Infinity));
  const middle = all[Math.floor((all.length - 1) / 2)];
  if (middle === undefined) throw new RangeError('rounds must be at least 1');
  return middle;
}
