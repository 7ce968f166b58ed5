/** What tracker, seeder and peers logged of what went wrong: each line once, with how often it came. */
export function told(log: string, verbs: RegExp = /demoted|removed|restored|banned|promoted|complain|not_admitted|listening|seeding|error|warn/): string[] {
  const lines = log.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>);
  const counts = new Map<string, number>();
  for (const line of lines.filter((one) => verbs.test(`${String(one['event'])} ${String(one['level'])}`))) {
    const machines = Array.isArray(line['machines']) ? line['machines'].join(' ') : '';
    const text = [line['event'], machines, ...['why', 'ip', 'reason'].map((key) => line[key])].filter((one) => typeof one === 'string' && one !== '').join(' ');
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  // That both began is worth a line only when they did so twice.
  return [...counts].filter(([text, count]) => count > 1 || !/listening|seeding/.test(text)).map(([text, count]) => (count > 1 ? `${text} (${count} times)` : text));
}
