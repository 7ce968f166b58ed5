import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { layOut } from '../../../../../infra/boot/dhcp/layout.ts';
import { option, type Options } from '../../../../../infra/boot/dhcp/options.ts';
import { encode } from '../../../../../infra/boot/dhcp/encode.ts';
import { decode } from '../../../../../infra/boot/dhcp/packet.ts';
import { capture } from '../../../../support/captures.ts';

/** Bytes behind header and cookie in the shortest message that every client takes. */
const room = 548 - 240;
const header = decode(capture('dhclient-discover'));

function options(...lengths: [code: number, length: number][]): Options {
  return new Map(lengths.map(([code, length]) => [code, new Uint8Array(length).fill(code)]));
}

const few = options([53, 1], [54, 4], [12, 20]);
const many = options([53, 1], [54, 4], [12, 60], [15, 100], [119, 100], [121, 50]);
const most = options([53, 1], [54, 4], [12, 100], [15, 100], [119, 90], [121, 60], [43, 30], [58, 50]);

describe('options that fit', () => {
  it('stand in the options field', () => assert.equal(layOut(few, room).overload, 0));

  it('come with type and server first and the relay’s option last', () => {
    const codes = layOut(options([82, 4], [12, 4], [54, 4], [53, 1]), room).main.map(([code]) => code);

    assert.deepEqual(codes, [53, 54, 12, 82]);
  });
});

describe('options that don’t', () => {
  it('go to the field of the server name first, since ROMs read the file’s', () => assert.equal(layOut(many, room).overload, 2));

  it('go to the file’s field too when they must', () => assert.equal(layOut(most, room).overload, 3));

  it('are left out when they fit nowhere, the last ones first, and never the relay’s', () => {
    const { main, file, sname } = layOut(options([53, 1], [54, 4], [12, 250], [15, 250], [82, 30]), room);

    assert.deepEqual([...main, ...file, ...sname].map(([code]) => code), [53, 54, 12, 82]);
  });

  for (const [name, all] of [['few', few], ['many', many], ['most', most]] as const) {
    it(`are read back as they were (${name})`, () => {
      const bytes = encode({ ...header, sname: '', file: '', options: all }, 548);
      const read = new Map(decode(bytes).options);
      read.delete(option.overload);

      assert.ok(bytes.length <= 548);
      assert.deepEqual(new Map([...read].sort()), new Map([...all].sort()));
    });
  }
});
