/** A simple value of an object; nothing is the empty string. */
export type Scalar = string | number | boolean;

/**
 * What an object holds at a dotted path: `ip` of each of its `interfaces` for `interfaces.ip`. A list gives each of its
 * items, an object all it holds, nothing gives nothing. Undefined when no such field is there.
 */
export function valuesAt(object: unknown, path: string): Scalar[] | undefined {
  let reached: unknown[] = [object];
  for (const key of path.split('.')) {
    const holders = reached.flatMap((value) => (Array.isArray(value) ? value as readonly unknown[] : [value])).filter((value) => typeof value === 'object' && value !== null);
    const within = holders.filter((value) => Object.hasOwn(value, key));
    if (within.length === 0) return holders.length === 0 && key !== path.split('.')[0] ? [] : undefined;
    reached = within.map((value) => (value as Record<string, unknown>)[key]);
  }
  return reached.flatMap(scalarsOf);
}

/** The value itself at a dotted path of plain objects; below a list, a list. */
export function valueAt(object: unknown, path: string): unknown {
  if (Array.isArray(object)) return object.map((item) => valueAt(item, path));
  if (path === '' || typeof object !== 'object' || object === null) return path === '' ? object : undefined;
  const [key = '', ...rest] = path.split('.');
  return valueAt((object as Record<string, unknown>)[key], rest.join('.'));
}

/** Every dotted path that leads to a value in one of the objects, for telling people which fields there are. */
export function pathsOf(objects: readonly unknown[]): string[] {
  const found = new Set<string>();
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const item of value) walk(item, path);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      if (path !== '') found.add(path);
      return;
    }
    for (const [key, item] of Object.entries(value)) walk(item, path === '' ? key : `${path}.${key}`);
  };
  for (const object of objects.slice(0, 50)) walk(object, '');
  return [...found].sort();
}

function scalarsOf(value: unknown): Scalar[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(scalarsOf);
  if (typeof value === 'object') return Object.values(value).flatMap(scalarsOf);
  return [value as Scalar];
}
