import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Plugin } from '@oclif/core';
import { bundleWorkflowCode } from '@temporalio/worker';
import { bundleOclif, useBundle } from './bundle-oclif.ts';
import { describeCommands, type ManifestCommand } from './manual/described.ts';
import { manPages } from './manual/man.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const workflowBundle = join(dist, 'workflow-bundle.js');
const oclifBundle = join(dist, 'oclif.js');

await removeOrphans();
await bundleOclif(root, oclifBundle);
await writeManifest();
await useBundle(join(dist, 'cli'), oclifBundle);
await bundleWorkflows();

/** tsc leaves the output of a source that is gone; a removed command would live on. */
async function removeOrphans(): Promise<void> {
  for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !path.endsWith('.js') || path === workflowBundle || path === oclifBundle) continue;
    if (!existsSync(join(root, relative(dist, path).replace(/\.js$/, '.ts')))) await rm(path);
  }
}

/** With the manifest oclif loads one command's file instead of all. */
async function writeManifest(): Promise<void> {
  const plugin = new Plugin({ root, type: 'core', ignoreManifest: true, errorOnManifestCreate: true, respectNoCacheDefault: true });
  await plugin.load();
  await writeFile(join(root, 'oclif.manifest.json'), `${JSON.stringify(plugin.manifest)}\n`);
  console.log(`build: ${Object.keys(plugin.manifest.commands).length} commands in oclif.manifest.json`);
  await writeManPages(plugin.manifest.commands);
}

/** Manual pages of the commands, where `man -M dist/man luna` finds them. */
async function writeManPages(commands: Record<string, ManifestCommand>): Promise<void> {
  const folder = join(dist, 'man', 'man1');
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const pages = manPages(describeCommands(commands), { version, date: new Date().toISOString().slice(0, 10) });
  for (const [name, text] of pages) await writeFile(join(folder, name), text);
  console.log(`build: ${pages.size} manual pages in dist/man`);
}

/** Bundled once here, not at each start of a worker: that takes a second and a half. */
async function bundleWorkflows(): Promise<void> {
  const entry = join(root, 'workflows', 'index.ts');
  if (!existsSync(entry)) return;
  const { code } = await bundleWorkflowCode({ workflowsPath: entry, logger: quietLogger() });
  await writeFile(workflowBundle, code);
  console.log(`build: workflows bundled, ${Math.round(code.length / 1024)} KiB`);
}

/** The bundler's own lines are of use only when it fails, and then it throws. */
function quietLogger() {
  const none = () => undefined;
  return { log: none, trace: none, debug: none, info: none, warn: (message: string) => { console.warn(message); }, error: (message: string) => { console.error(message); } };
}
