/** The part of a terminal stream that is drawn on. */
export interface Terminal { isTTY?: boolean; columns?: number; rows?: number; write(text: string): unknown }

/** Lines at the bottom of a terminal that are drawn again in place. */
export class LiveScreen {
  readonly #out: Terminal;
  #height = 0;

  constructor(out: Terminal) {
    this.#out = out;
  }

  /** How much fits; a terminal that doesn't say is 80 by 24. */
  get size(): { columns: number; rows: number } {
    return { columns: this.#out.columns || 80, rows: this.#out.rows || 24 };
  }

  /** Replaces what was drawn last. Lines longer than the terminal would break the way up, so they must fit. */
  draw(lines: readonly string[]): void {
    const up = this.#height > 0 ? `\u001b[${this.#height}A` : '';
    // Each line clears its own rest; then all below, for a shorter screen.
    this.#out.write(`${up}${lines.map((line) => `\r${line}\u001b[K\n`).join('')}\u001b[J`);
    this.#height = lines.length;
  }
}
