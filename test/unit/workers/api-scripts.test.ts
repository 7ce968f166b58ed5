import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderScript } from '../../../workers/api-scripts.ts';
import { artefact, MAC, testSite } from '../../support/boot-http.ts';

const network = (site = testSite()): Promise<string> => renderScript(site, 'node001', 'network', () => Promise.resolve(null));

describe('the network of a node, shown to people', () => {
  it('is what the agent would be told, with BOOTIF for the name its kernel gives the card', async () => {
    const text = await network();

    assert.match(text, /^# The networks of node001 with osimage debian12: docs\/network-files\.md\nnetworks_by 'networkd'\n/);
    assert.ok(text.includes(`MACAddress=${MAC}\n`) && text.includes('Address=127.0.0.5/16\n') && text.includes('MTU=9000\n'), text);
  });

  it('shows that name where a file needs it', async () => {
    const site = testSite();
    site.artefacts.set('art1', artefact({ network: 'ifupdown' }));

    assert.match(await network(site), /^auto BOOTIF\niface BOOTIF inet static\n/m);
  });

  it('is refused for an image that luna cannot configure', async () => {
    const site = testSite();
    site.artefacts.set('art1', artefact({ network: null }));

    await assert.rejects(network(site), { code: 'conflict', next: 'luna osimage pack debian12' });
  });
});
