import { Errors } from '@oclif/core';
import { nearest } from '../nearest.ts';
import { type Column, table } from '../table.ts';
import { pathsOf, valueAt, valuesAt } from './fields.ts';
import { csvText, yamlText } from './formats.ts';
import type { ListOutput } from './output-flags.ts';
import { parseSort, sortRows } from './sort.ts';
import { fits, parseCondition } from './where.ts';

/** What a list can show: its usual columns, and those that `-o wide` adds. */
export interface Layout<T> { columns: readonly Column<T>[]; wide?: readonly Column<T>[] }

/** The rows that fulfil every `--where`, in the order of `--sort`. Throws a usage error for a field that no row has. */
export function selectRows<T>(rows: readonly T[], layout: Layout<T>, { where = [], sort }: ListOutput): T[] {
  const conditions = where.map(parseCondition).map((condition) => ({ condition, path: pathOfField(rows, layout, condition.field) }));
  const kept = rows.filter((row) => conditions.every(({ condition, path }) => fits(row, condition, path)));
  if (sort === undefined) return kept;
  return sortRows(kept, parseSort(sort).map(({ field, reverse }) => ({ path: pathOfField(rows, layout, field), reverse })));
}

/** The data that JSON and YAML show: the rows, or of each the fields of `--columns`. */
export function rowData<T>(rows: readonly T[], layout: Layout<T>, { columns }: ListOutput): unknown[] {
  const fields = fieldsOf(columns);
  if (fields === undefined) return [...rows];
  const paths = fields.map((field) => [field, pathOfField(rows, layout, field)] as const);
  return rows.map((row) => Object.fromEntries(paths.map(([field, path]) => [field, valueAt(row, path) ?? null])));
}

/** The text of a list. JSON is printed by the command itself. */
export async function listText<T>(rows: readonly T[], layout: Layout<T>, options: ListOutput): Promise<string> {
  switch (options.output) {
    case 'yaml': return yamlText(rowData(rows, layout, options));
    case 'name': return rows.map((row) => nameOf(row)).join('\n');
    case 'csv': {
      const columns = shownColumns(rows, layout, options);
      return csvText(columns.map(({ title }) => title), rows.map((row) => columns.map(({ cell }) => cell(row))));
    }
    default: return table(shownColumns(rows, layout, options), rows);
  }
}

function shownColumns<T>(rows: readonly T[], layout: Layout<T>, { columns, output }: ListOutput): readonly Column<T>[] {
  const fields = fieldsOf(columns);
  if (fields === undefined) return [...layout.columns, ...(output === 'wide' ? layout.wide ?? [] : [])];
  return fields.map((field) => {
    const known = titled(layout, field);
    if (known) return { ...known, title: field };
    const path = pathOfField(rows, layout, field);
    return { title: field, cell: (row) => valueAt(row, path) };
  });
}

/** A column's title names its field too: `--where 'ips=10.30.0.1'`. */
function pathOfField<T>(rows: readonly T[], layout: Layout<T>, field: string): string {
  if (rows.length === 0 || rows.some((row) => valuesAt(row, field) !== undefined)) return field;
  const column = titled(layout, field);
  if (column?.field !== undefined) return column.field;
  const known = pathsOf(rows);
  const meant = nearest(field, known);
  throw new Errors.CLIError(`There is no field ${field}${meant === undefined ? '' : `; did you mean ${meant}?`}\nFields: ${known.join(', ')}`, { exit: 2 });
}

function titled<T>(layout: Layout<T>, field: string): Column<T> | undefined {
  const word = field.toLowerCase();
  return [...layout.columns, ...(layout.wide ?? [])].find(({ title }) => title.toLowerCase().replaceAll(' ', '_') === word);
}

function fieldsOf(columns: string | undefined): string[] | undefined {
  const fields = columns?.split(',').map((word) => word.trim()).filter((word) => word !== '');
  return fields === undefined || fields.length === 0 ? undefined : fields;
}

function nameOf(row: unknown): string {
  for (const key of ['name', 'nodeName', 'node', 'mac', '_id']) {
    const value = (row as Record<string, unknown>)[key];
    if (typeof value === 'string') return value;
  }
  return '';
}
