import { Plugin } from '@oclif/core';
import { type Described, describeCommands } from './described.ts';

/** Every command that oclif finds below a root, as a manual tells of it. */
export async function loadCommands(root: string): Promise<Described[]> {
  const plugin = new Plugin({ root, type: 'core', ignoreManifest: true, errorOnManifestCreate: true, respectNoCacheDefault: true });
  await plugin.load();
  return describeCommands(plugin.manifest.commands);
}
