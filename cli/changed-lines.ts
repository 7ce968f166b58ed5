/** So many lines are shown of each side. */
const SHOWN = 8;

/** What differs between two texts of several lines: `- old`, `+ new`, from the first line that differs to the last. Nothing for short values. */
export function changedLines(before: string, after: string): string[] {
  if (!before.includes('\n') || !after.includes('\n')) return [];
  const [old, now] = [before.split('\n'), after.split('\n')];
  const most = Math.min(old.length, now.length);
  let head = 0;
  while (head < most && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  return [...some('-', old.slice(head, old.length - tail)), ...some('+', now.slice(head, now.length - tail))];
}

function some(sign: string, lines: readonly string[]): string[] {
  const more = lines.length - SHOWN;
  return [...lines.slice(0, SHOWN).map((line) => `${sign} ${line}`), ...(more > 0 ? [`${sign} … (${more} more)`] : [])];
}
