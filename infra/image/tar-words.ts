/** Reads what tar says while it makes an archive in records of `record` bytes. */
export interface TarWords {
  /** Takes what came of its standard error; gives back what is no count but a message. */
  read(text: string): string;
  /** The whole archive's bytes, once tar has ended well. */
  total(): number;
}

/** Understands `--checkpoint-action=echo=records %u` and `--totals` of GNU tar under LC_ALL=C.UTF-8; `onBytes` is told of each count. */
export function tarWords(record: number, onBytes: (bytes: number) => void): TarWords {
  let rest = '';
  let total = 0;
  return {
    read(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      return lines.filter((line) => !isCount(line)).map((line) => `${line}\n`).join('');
    },
    total: () => total,
  };

  function isCount(line: string): boolean {
    const records = /^tar: records (\d+)$/.exec(line);
    if (records) onBytes(Number(records[1]) * record);
    const whole = /^Total bytes written: (\d+) \(/.exec(line);
    if (whole) total = Number(whole[1]);
    return records !== null || whole !== null;
  }
}
