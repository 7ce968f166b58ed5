import { dirname, join, relative } from 'node:path';
import type { Rule } from 'eslint';

/**
 * What the files below `folder` may import. `code` and `types` list folders of the project (a trailing `/*` means the
 * files directly in it); `types` only by `import type`. `packages` are npm packages or `node:` for Node's own modules;
 * absent means any. The first law whose `folder` and `files` fit a file is its law.
 */
interface Law {
  folder: string;
  files?: RegExp;
  code: string[];
  types?: string[];
  packages?: string[];
}

const infraFoundation = ['infra/*', 'domain'];

const laws: readonly Law[] = [
  { folder: 'domain', code: ['domain'], packages: ['zod'] },
  { folder: 'workflows', code: ['domain', 'workflows'], types: ['activities'], packages: ['@temporalio/workflow', '@temporalio/common'] },
  { folder: 'activities', code: ['domain', 'activities'], packages: ['@temporalio/activity', '@temporalio/common'] },
  // Codecs and deciders know bytes and facts: no socket, no clock, no store.
  { folder: 'infra/boot', files: /\/(dhcp|dhcp6|ra|tftp|dns|torrent)\/(packet|options|reply|answer|graph|graph-draft)\.ts$/, code: ['domain', 'infra/boot'], packages: [] },
  { folder: 'infra', code: infraFoundation, types: ['activities'] },
  { folder: 'workers', code: ['domain', 'workflows', 'activities', 'infra', 'workers'] },
  // What these do to trees, they do on the controller.
  { folder: 'cli', files: /^cli\/commands\/(lab\/image|osimage\/(chroot|grab))\.ts$/, code: ['domain', 'cli', 'infra/image', 'infra/*'], packages: ['@oclif/core', 'node:'] },
  { folder: 'cli', files: /^cli\/(commands\/(up|down|status|lab|service|lchroot)\b|instance-text|lab-)/, code: ['domain', 'cli', 'infra/engine', 'infra/lab'], packages: ['@oclif/core', 'node:'] },
  { folder: 'cli', code: ['domain', 'cli'], packages: ['@oclif/core', 'node:', 'zod', 'yaml', 'bson'] },
];

/** The lint rule of the import laws: a file's folder tells what it may import. */
export const importLaws: Rule.RuleModule = {
  meta: { type: 'problem', schema: [], messages: { folder: '{{from}} may not import {{to}}{{hint}}.', package: '{{from}} may not import the package {{to}}.' } },
  create(context) {
    const file = relative(context.cwd, context.filename);
    const law = laws.find((one) => file.startsWith(`${one.folder}/`) && (one.files?.test(file) ?? true));
    if (!law) return {};
    const check = (node: Rule.Node, source: unknown, typesOnly: boolean) => {
      if (typeof source !== 'string') return;
      const from = dirname(file);
      if (!source.startsWith('.')) {
        if (!mayUsePackage(law, source, typesOnly)) context.report({ node, messageId: 'package', data: { from, to: source } });
        return;
      }
      const to = relative(context.cwd, join(dirname(context.filename), source));
      if (allowed([...law.code, ownFolder(file)], to) || typesOnly && allowed(law.types ?? [], to)) return;
      const hint = allowed(law.types ?? [], to) ? ' but by import type' : '';
      context.report({ node, messageId: 'folder', data: { from, to, hint } });
    };
    return {
      ImportDeclaration: (node) => { check(node, node.source.value, 'importKind' in node && node.importKind === 'type'); },
      ExportNamedDeclaration: (node) => { if (node.source) check(node, node.source.value, 'exportKind' in node && node.exportKind === 'type'); },
      ExportAllDeclaration: (node) => { check(node, node.source.value, false); },
      ImportExpression: (node) => { check(node, 'value' in node.source ? node.source.value : undefined, false); },
    };
  },
};

/** An adapter's folder: `infra/boot` of `infra/boot/dhcp/reply.ts`. Elsewhere the laws name the folders themselves. */
function ownFolder(file: string): string {
  const [top, second, ...rest] = file.split('/');
  return top === 'infra' && rest.length > 0 ? `${top}/${String(second)}` : '-';
}

function allowed(folders: readonly string[], path: string): boolean {
  return folders.some((folder) => (folder.endsWith('/*') ? dirname(path) === folder.slice(0, -2) : path.startsWith(`${folder}/`)));
}

function mayUsePackage(law: Law, source: string, typesOnly: boolean): boolean {
  if (!law.packages) return true;
  return law.packages.some((name) => (name === 'node:' ? source.startsWith('node:') : source === name || source.startsWith(`${name}/`)))
    || typesOnly && source.startsWith('node:') && law.folder.startsWith('infra/');
}
