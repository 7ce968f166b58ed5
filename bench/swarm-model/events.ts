interface Happening { readonly time: number; readonly order: number; readonly act: () => void }

/** What happens at a time, in order of time; at the same time in the order it was asked for. Times are seconds. */
export class Events {
  now = 0;
  /** How many things have happened. */
  count = 0;
  private readonly heap: Happening[] = [];
  private orders = 0;

  after(seconds: number, act: () => void): void {
    this.at(this.now + seconds, act);
  }

  at(time: number, act: () => void): void {
    const { heap } = this;
    const one = { time, order: this.orders++, act };
    let i = heap.length;
    heap.push(one);
    while (i > 0) {
      const up = (i - 1) >> 1;
      const above = heap[up];
      if (above === undefined || before(above, one)) break;
      heap[i] = above;
      i = up;
    }
    heap[i] = one;
  }

  /** Lets the next thing happen; false when there is none. */
  step(): boolean {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return false;
    if (heap.length > 0) this.sink(last);
    this.now = first.time;
    this.count += 1;
    first.act();
    return true;
  }

  private sink(one: Happening): void {
    const { heap } = this;
    let i = 0;
    for (;;) {
      let down = 2 * i + 1;
      let below = heap[down];
      if (below === undefined) break;
      const right = heap[down + 1];
      if (right !== undefined && before(right, below)) {
        below = right;
        down += 1;
      }
      if (before(one, below)) break;
      heap[i] = below;
      i = down;
    }
    heap[i] = one;
  }
}

function before(a: Happening, b: Happening): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}
