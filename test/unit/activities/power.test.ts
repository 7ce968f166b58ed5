import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createPowerActivities, type Bmc } from '../../../activities/power.ts';
import { BmcError } from '../../../domain/power.ts';
import { planned } from '../../support/plan.ts';

let chassis: 'on' | 'off';
let asked: string[];
let failing: BmcError | null;
/** How many times a status is read before a change shows. */
let slow: number;

const bmc: Bmc = {
  async status() {
    asked.push('status');
    if (failing !== null) throw failing;
    return chassis;
  },
  async bootFrom(_node, device) { asked.push(`boot ${device}`); },
  async act(_node, action) {
    asked.push(action);
    if (slow <= 0 && (action === 'on' || action === 'off')) chassis = action;
    return action;
  },
  async coldReset() { asked.push('cold reset'); },
};
const deps = {
  bmc,
  enterStage: async () => undefined,
  async countBootsFrom() { asked.push('armed'); },
  async sleep() {
    slow -= 1;
    if (slow === 0) chassis = chassis === 'on' ? 'off' : 'on';
  },
};
const powerOn = (attempt = 1, plan = planned) =>
  new MockActivityEnvironment({ attempt }).run(createPowerActivities(deps).powerOn, { plan, path: 0 });

beforeEach(() => {
  chassis = 'off';
  asked = [];
  failing = null;
  slow = 0;
});

describe('powering a node on', () => {
  it('sets the boot device, counts boots from before it switches on, and reads the state back', async () => {
    await powerOn();

    assert.deepEqual(asked, ['status', 'boot pxe', 'armed', 'on', 'status']);
  });

  it('switches a running machine off first', async () => {
    chassis = 'on';

    await powerOn();

    assert.deepEqual(asked, ['status', 'off', 'status', 'boot pxe', 'armed', 'on', 'status']);
  });

  it('waits until the chassis says what it was told', async () => {
    slow = 3;

    await powerOn();

    assert.equal(chassis, 'on');
    assert.equal(asked.filter((word) => word === 'status').length, 5);
  });

  it('fails when the chassis never gets there', async () => {
    slow = 1000;

    await assert.rejects(powerOn(), /node001 was told to go on but its BMC still says otherwise/);
  });

  it('resets a BMC that failed twice', async () => {
    await powerOn(3);

    assert.equal(asked[0], 'cold reset');
  });

  it('takes a refused login as final, and names the next command', async () => {
    failing = new BmcError('BMC 10.31.1.1 of node001 refused user admin', true, 'luna bmcsetup change base --password-file -');

    await assert.rejects(powerOn(), { nonRetryable: true, type: 'BmcRefused', details: [{ next: 'luna bmcsetup change base --password-file -' }] });
  });

  it('lets silence be tried again', async () => {
    failing = new BmcError('no answer', false, 'luna power node001 status');

    await assert.rejects(powerOn(), { nonRetryable: false, type: 'BmcFailed' });
  });

  it('leaves a node without a BMC to a person', async () => {
    assert.match(String(await powerOn(1, { ...planned, bmc: null })), /by hand/);
    assert.deepEqual(asked, ['armed']);
  });
});
