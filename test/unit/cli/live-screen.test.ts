import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LiveScreen } from '../../../cli/live-screen.ts';

describe('live screen', () => {
  it('goes up over what it drew last and clears what is left', () => {
    const written: string[] = [];
    const screen = new LiveScreen({ isTTY: true, write: (text) => written.push(text) });

    screen.draw(['a', 'b']);
    screen.draw(['c']);
    screen.draw(['d']);

    assert.deepEqual(written, ['\ra\u001b[K\n\rb\u001b[K\n\u001b[J', '\u001b[2A\rc\u001b[K\n\u001b[J', '\u001b[1A\rd\u001b[K\n\u001b[J']);
  });

  it('takes a terminal without a size for 80 by 24', () => {
    assert.deepEqual(new LiveScreen({ write: () => true }).size, { columns: 80, rows: 24 });
  });
});
