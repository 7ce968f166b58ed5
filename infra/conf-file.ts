/** An ini file in Luna 1's format: section → key → value. Section and key names are lower case, as its reader made them. */
export type ConfSections = Map<string, Map<string, string>>;

/**
 * Parses `/etc/luna.conf`: `[Section]`, `key = value` or `key: value`, comments after `#` or `;` at the start of a line.
 * A line that is none of these is passed to `complain` with its number and skipped.
 */
export function parseConf(text: string, complain: (line: number, text: string) => void): ConfSections {
  const sections: ConfSections = new Map();
  let current: Map<string, string> | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const header = /^\[([^\]]+)\]$/.exec(line);
    const pair = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line);
    if (header) {
      const name = String(header[1]).toLowerCase();
      current = sections.get(name) ?? new Map<string, string>();
      sections.set(name, current);
    } else if (pair && current) {
      current.set(String(pair[1]).toLowerCase(), String(pair[2]));
    } else {
      complain(index + 1, line);
    }
  }
  return sections;
}
