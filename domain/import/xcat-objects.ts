import { readCsv } from './csv.ts';
import { unreadable } from './imported.ts';

/** An object of xCAT as `lsdef -z` writes it. */
export interface XcatObject { type: string; name: string; attributes: Map<string, string> }

/** A file of xCAT: stanzas, or one table as `tabdump` writes it; the table is named like the file. */
export interface XcatFile { name: string; text: string }

/** The objects of stanzas and tables together. Throws LunaError for a file that is neither. */
export function readXcat(files: readonly XcatFile[], note: (name: string, field: string, why: string) => void): XcatObject[] {
  const objects = new Map<string, XcatObject>();
  const object = (type: string, name: string): XcatObject => {
    const key = `${type}/${name}`;
    const found = objects.get(key) ?? { type, name, attributes: new Map<string, string>() };
    objects.set(key, found);
    return found;
  };
  for (const { name, text } of files) {
    if (/^\s*(#[^\n]*\n\s*)*([^\s:#"]+:|Object name: \S+)\s*\n/.test(text)) readStanzas(text, object);
    else if (text.startsWith('#')) readTable(name.replace(/^.*\//, '').replace(/\.[^.]*$/, ''), text, object, note);
    else throw unreadable(name, 'it is neither stanzas (lsdef -z) nor a table (tabdump TABLE > TABLE.csv)');
  }
  return [...objects.values()];
}

type Find = (type: string, name: string) => XcatObject;

function readStanzas(text: string, object: Find): void {
  let [name, attributes]: [string | null, [string, string][]] = [null, []];
  const end = (): void => {
    if (name === null) return;
    const type = attributes.find(([key]) => key === 'objtype')?.[1] ?? 'node';
    const found = object(type, name);
    for (const [key, value] of attributes) if (key !== 'objtype') found.attributes.set(key, value);
    attributes = [];
  };
  for (const line of text.split('\n')) {
    const head = /^(?:Object name: (\S+)|([^\s#:][^:]*):)\s*$/.exec(line);
    const field = /^\s+([\w.-]+)=(.*)$/.exec(line);
    if (head) {
      end();
      name = head[1] ?? head[2] ?? '';
    } else if (field) attributes.push([field[1] ?? '', field[2] ?? '']);
  }
  end();
}

/** The columns of xCAT's tables by the attributes that lsdef shows for them; the first column is the object. */
const TABLES: Readonly<Record<string, { type: string; columns: Readonly<Record<string, string>> }>> = {
  nodelist: { type: 'node', columns: { groups: 'groups', comments: 'usercomment' } },
  hosts: { type: 'node', columns: { ip: 'ip' } },
  mac: { type: 'node', columns: { mac: 'mac', interface: 'interface' } },
  ipmi: { type: 'node', columns: { bmc: 'bmc', username: 'bmcusername', password: 'bmcpassword' } },
  switch: { type: 'node', columns: { switch: 'switch', port: 'switchport' } },
  nodetype: { type: 'node', columns: { os: 'os', arch: 'arch', profile: 'profile', provmethod: 'provmethod', nodetype: 'nodetype' } },
  nodehm: { type: 'node', columns: { mgt: 'mgt' } },
  switches: { type: 'node', columns: { snmpversion: 'snmpversion', password: 'password', switchtype: 'switchtype' } },
  networks: { type: 'network', columns: {
    net: 'net', mask: 'mask', gateway: 'gateway', nameservers: 'nameservers', domain: 'domain', dynamicrange: 'dynamicrange', mtu: 'mtu', comments: 'usercomment',
  } },
  osimage: { type: 'osimage', columns: { provmethod: 'provmethod', osname: 'osname', osvers: 'osvers', profile: 'profile', description: 'description' } },
  linuximage: { type: 'osimage', columns: { rootimgdir: 'rootimgdir', addkcmdline: 'addkcmdline', kernelver: 'kernelver' } },
  site: { type: 'site', columns: {} },
};

function readTable(table: string, text: string, object: Find, note: (name: string, field: string, why: string) => void): void {
  const known = TABLES[table];
  const [header = [], ...rows] = readCsv(text);
  if (!known) {
    note(table, '', 'luna has nothing for this table');
    return;
  }
  for (const cells of rows) {
    const [key = ''] = cells;
    if (table === 'site') {
      object('site', 'clustersite').attributes.set(key, cells[1] ?? '');
      continue;
    }
    const found = object(known.type, key);
    header.forEach((column, i) => {
      const value = cells[i] ?? '';
      if (i === 0 || value === '' || column === 'disable') return;
      const attribute = known.columns[column];
      if (value.startsWith('|')) note(key, column, `the table has a rule (${value}), which only xCAT can work out: use lsdef -z`);
      else if (attribute !== undefined) found.attributes.set(attribute, value);
      else if (table === 'nics' || column.startsWith('nic')) found.attributes.set(column, value);
      else note(key, column, 'luna has no such field');
    });
  }
}
