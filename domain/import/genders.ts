import { expandHostlist } from '../hostlist.ts';
import type { ImportContext, Imported } from './imported.ts';
import { fieldName, importRows } from './nodes-of-rows.ts';

/**
 * Nodes of a genders file: `node[1-72] compute,rack=1` gives attributes to nodes, on as many lines as one likes. An
 * attribute that is the name of a group of the site is the node's group, as `group=NAME` is; `mac=`, `ip=`, `bmc=`,
 * `switch=`, `port=` are what they say; the others are kept in the comment.
 */
export function importGenders(text: string, context: ImportContext): Imported {
  const nodes = new Map<string, Map<string, string>>();
  for (const line of text.split('\n')) {
    const [, hosts, attributes = ''] = /^\s*([^\s#]+)(?:\s+([^#]*))?/.exec(line) ?? [];
    if (hosts === undefined) continue;
    for (const name of expandHostlist(hosts)) {
      const fields = nodes.get(name) ?? new Map<string, string>();
      nodes.set(name, fields);
      for (const attribute of attributes.split(',').map((one) => one.trim()).filter((one) => one !== '')) {
        const [word = '', ...rest] = attribute.split('=');
        const value = rest.join('=').replaceAll('%n', name).replaceAll('%%', '%');
        if (rest.length > 0) fields.set(fieldName(word), value);
        else if (context.site.groups?.[word] && !fields.has('group')) fields.set('group', word);
        else fields.set('comment', [fields.get('comment') ?? '', word].filter((one) => one !== '').join(' '));
      }
    }
  }
  return importRows([...nodes].map(([name, fields]) => ({ name, fields })), context);
}
