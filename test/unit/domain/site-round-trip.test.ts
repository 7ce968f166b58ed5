import assert from 'node:assert/strict';
import { test } from 'node:test';
import { siteChanges } from '../../../domain/site-changes.ts';
import { exportSite } from '../../../domain/site-export.ts';
import { siteFileSchema } from '../../../domain/site-file.ts';
import { planSite, type SitePlan } from '../../../domain/site-plan.ts';
import type { Site } from '../../../domain/site.ts';
import { readSite, siteYaml } from '../../../infra/api/site-yaml.ts';
import { emptySite } from '../../support/imported.ts';
import { seeded } from '../../support/random.ts';
import { randomSite, sayingAllMacs } from '../../support/random-site.ts';

/** So many sites are made. */
const SITES = 60;

/** Objects without what a file can't carry: with names in place of ids, and without revisions. */
function comparable(site: Site, nameOf: (id: string) => string): unknown {
  const named = (value: unknown): unknown => {
    if (typeof value === 'string') return nameOf(value);
    if (Array.isArray(value)) return value.map(named);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).filter(([key]) => key !== '_id' && key !== 'rev').map(([key, one]): [string, unknown] => [nameOf(key), named(one)]).sort());
  };
  const all = (objects: ReadonlyMap<string, { name: string }>): unknown => named(Object.fromEntries([...objects.values()].map((one) => [`=${one.name}`, one])));
  return {
    cluster: named(site.cluster), networks: all(site.networks), osimages: all(site.osimages), bmcsetups: all(site.bmcsetups), switches: all(site.switches),
    otherdevs: all(site.otherdevs), groups: all(site.groups), nodes: all(site.nodes),
    macs: Object.fromEntries([...site.macs].map(([mac, id]): [string, string] => [mac, nameOf(id)]).sort()),
  };
}

/** Ids as `group/compute`, whatever they are. */
function namesIn(site: Site): (id: string) => string {
  const names = new Map<string, string>();
  for (const kind of ['networks', 'osimages', 'bmcsetups', 'switches', 'otherdevs', 'groups', 'nodes'] as const) {
    for (const { _id, name } of site[kind].values()) names.set(_id, `${kind}/${name}`);
  }
  for (const group of site.groups.values()) for (const { id, name } of group.interfaces) names.set(id, `interface/${group.name}/${name}`);
  return (id) => names.get(id) ?? id;
}

const secretsByName = ({ secrets }: Pick<SitePlan, 'secrets'>): string[] => secrets.map(({ kind, name, value }) => `${kind}/${name} ${value}`).sort();

test('gives back any site: what is exported and applied elsewhere is the same in every field', async () => {
  for (let seed = 1; seed <= SITES; seed += 1) {
    const { site, secrets } = randomSite(seeded(seed), (kind, name) => `${kind}#${name}#id`);
    const text = await siteYaml(exportSite(site, secrets));
    const { file, problems } = await readSite(text);
    let ids = 0;
    const plan = planSite(emptySite, file, { prune: true, newId: () => `new${ids += 1}` });

    assert.deepEqual([...problems, ...plan.problems], [], `site ${seed}`);
    assert.deepEqual(comparable(plan.after, namesIn(plan.after)), comparable(site, namesIn(site)), `site ${seed}`);
    assert.deepEqual(secretsByName(plan), [...secrets].map(([key, value]) => `${key.replace(/^(\w+)\/\w+#(.*)#id$/, '$1/$2')} ${value}`).sort(), `site ${seed}`);
    assert.equal(await siteYaml(exportSite(plan.after, new Map(plan.secrets.map(({ kind, id, value }) => [`${kind}/${id}`, value])))), text, `site ${seed}`);
  }
});

test('makes any site of any other', () => {
  let site = emptySite;
  for (let seed = 1; seed <= SITES; seed += 1) {
    const wanted = randomSite(seeded(seed), (kind, name) => `${kind}#${name}#id`);
    const file = sayingAllMacs(exportSite(wanted.site, wanted.secrets));
    if (wanted.site.cluster === null) continue;
    let ids = 0;
    const plan = planSite(site, siteFileSchema.parse(file), { prune: true, newId: () => `${seed}new${ids += 1}` });

    assert.deepEqual(plan.problems, [], `site ${seed}`);
    assert.deepEqual(comparable(plan.after, namesIn(plan.after)), comparable(wanted.site, namesIn(wanted.site)), `site ${seed}`);
    site = plan.after;
  }
});

test('changes nothing of any site to which its own export is applied', () => {
  for (let seed = 1; seed <= SITES; seed += 1) {
    const { site } = randomSite(seeded(seed), (kind, name) => `${kind}#${name}#id`);
    const { before, after, problems } = planSite(site, siteFileSchema.parse(exportSite(site)), { prune: true, newId: () => 'new' });

    assert.deepEqual(problems, [], `site ${seed}`);
    assert.deepEqual(siteChanges({ before, after }), [], `site ${seed}`);
    assert.equal([...after.nodes.values()].every((node) => before.nodes.get(node._id) === node), true, `site ${seed}`);
  }
});
