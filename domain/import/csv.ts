import { expandHostlist } from '../hostlist.ts';
import { type ImportContext, type Imported, unreadable } from './imported.ts';
import { fieldName, importRows, type Row } from './nodes-of-rows.ts';

/** Nodes of a table: a line of column names (`name,group,mac,ip,bmcip,switch,port,comment`, `ip.IF` for further interfaces), then a line per node. */
export function importCsv(text: string, context: ImportContext): Imported {
  const [header, ...lines] = readCsv(text);
  const columns = (header ?? []).map(fieldName);
  if (!columns.includes('name')) throw unreadable('the table', `its first line names the columns, and 'name' must be one; it has ${columns.join(', ') || 'none'}`);
  const rows = lines.flatMap((cells): Row[] => {
    const fields = new Map(columns.map((column, i) => [column, (cells[i] ?? '').trim()] as const));
    return expandHostlist(fields.get('name') ?? '').map((name) => ({ name, fields }));
  });
  return importRows(rows, context);
}

/** Cells of comma-separated text (RFC 4180), or separated by semicolons or tabs when the first line has more of these; empty lines and `#` lines are passed over, except a first one that names columns. */
export function readCsv(text: string): string[][] {
  const first = text.slice(0, text.search(/\n|$/));
  const separator = [',', ';', '\t'].sort((a, b) => first.split(b).length - first.split(a).length)[0] ?? ',';
  const rows: string[][] = [];
  let [row, cell, quoted]: [string[], string, boolean] = [[], '', false];
  const endRow = (): void => {
    row.push(cell);
    if (row.some((one) => one.trim() !== '') && !(rows.length > 0 && row[0]?.startsWith('#'))) rows.push(row);
    [row, cell] = [[], ''];
  };
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i] ?? '';
    if (quoted && sign === '"' && text[i + 1] === '"') {
      cell += '"';
      i += 1;
    } else if (sign === '"') quoted = !quoted;
    else if (!quoted && sign === separator) {
      row.push(cell);
      cell = '';
    } else if (!quoted && sign === '\n') endRow();
    else if (sign !== '\r') cell += sign;
  }
  if (cell !== '' || row.length > 0) endRow();
  if (rows[0]?.[0]?.startsWith('#')) rows[0][0] = rows[0][0].slice(1);
  return rows;
}
