import { Errors } from '@oclif/core';
import { type Scalar, valuesAt } from './fields.ts';
import { compareNaturally } from './sort.ts';

type Operator = '=' | '!=' | '~' | '!~' | '<' | '>';

/** One condition of `--where`: a field's dotted path, an operator, and what the field is compared with. */
export interface Condition { field: string; operator: Operator; value: string }

/** Reads `field=value`, and the same with `!=`, `~` (matches a regular expression), `!~`, `<` and `>`. Throws a usage error for anything else. */
export function parseCondition(text: string): Condition {
  const match = /^\s*([A-Za-z0-9_.-]+)\s*(!=|!~|=|~|<|>)\s*(.*?)\s*$/s.exec(text);
  if (!match) throw new Errors.CLIError(`Expected field=value (or with != ~ !~ < >), not ${JSON.stringify(text)}.`, { exit: 2 });
  const [, field = '', operator = '=', value = ''] = match;
  if (operator.endsWith('~')) refuseBrokenPattern(value);
  return { field, operator: operator as Operator, value };
}

/** Whether one of the field's values fits; for `!=` and `!~` none may. A field without a value is the empty text. */
export function fits(row: unknown, { operator, value }: Condition, path: string): boolean {
  const found = valuesAt(row, path) ?? [];
  const values: Scalar[] = found.length === 0 ? [''] : found;
  switch (operator) {
    case '=': return values.some((one) => equal(one, value));
    case '!=': return !values.some((one) => equal(one, value));
    case '~': return values.some((one) => new RegExp(value).test(String(one)));
    case '!~': return !values.some((one) => new RegExp(value).test(String(one)));
    case '<': return values.some((one) => one !== '' && compareNaturally(one, value) < 0);
    case '>': return values.some((one) => one !== '' && compareNaturally(one, value) > 0);
  }
}

function equal(one: Scalar, value: string): boolean {
  if (typeof one === 'boolean') return (one ? ['true', 'yes', 'y'] : ['false', 'no', 'n']).includes(value.toLowerCase());
  return String(one) === value || (one === '' && value === '-');
}

function refuseBrokenPattern(pattern: string): void {
  try {
    new RegExp(pattern);
  } catch (error) {
    throw new Errors.CLIError(`${JSON.stringify(pattern)} is no regular expression: ${error instanceof Error ? error.message : String(error)}.`, { exit: 2 });
  }
}
