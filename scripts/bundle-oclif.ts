import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import webpack from 'webpack';

/** Of what oclif loads at every start, these are seldom needed: for help, for errors, for development. They are loaded when first used. */
const loadedLate = [
  'node:child_process', 'node:perf_hooks', 'node:readline',
  'ansi-escapes', 'clean-stack', 'cli-spinners', 'debug', 'ejs', 'indent-string', 'lilconfig', 'minimatch', 'semver', 'string-width',
  'supports-color', 'tinyglobby', 'typescript', 'widest-line', 'wordwrap', 'wrap-ansi',
];

/** What `import … from '@oclif/core'` may name in the built CLI. */
const names = ['Args', 'Command', 'CommandHelp', 'Config', 'Errors', 'Flags', 'Help', 'Plugin', 'execute', 'flush', 'handle', 'run', 'settings', 'ux'];

/**
 * Bundles @oclif/core into one file of its own. As it comes it is a hundred files and twice the time that a command of
 * ours takes to start; {@link useBundle} puts the bundle in its place.
 */
export async function bundleOclif(root: string, file: string): Promise<void> {
  const compiler = webpack({
    mode: 'production',
    target: 'node24',
    context: root,
    entry: `data:text/javascript,export { ${names.join(', ')} } from '@oclif/core';`,
    experiments: { outputModule: true },
    resolve: { modules: [join(root, 'node_modules')] },
    output: { path: join(file, '..'), filename: 'oclif.js', library: { type: 'module' }, chunkFormat: 'module' },
    // Readable stacks; and the CLI's own commands are imported by path, which webpack must leave alone.
    optimization: { nodeEnv: false, minimize: false },
    module: { parser: { javascript: { import: false, unknownContextCritical: false, exprContextCritical: false } } },
    node: { __dirname: false, __filename: false },
    externals: ({ request }, done) => { done(undefined, request !== undefined && loadedLate.includes(request) ? `var late(${JSON.stringify(request)})` : undefined); },
    plugins: [new webpack.BannerPlugin({ raw: true, banner: prologue })],
  });
  const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) => {
    compiler.run((error, result) => { if (error) reject(error); else resolve(result); });
  });
  if (!stats || stats.hasErrors()) throw new Error(`@oclif/core could not be bundled:\n${stats?.toString({ all: false, errors: true }) ?? 'no result'}`);
  await spare(file);
}

/** What oclif does at every start for nothing, and what stands for it. */
const spared: readonly [text: string, instead: string][] = [
  // The commands of the manifest are sorted already; the rules of a language cost 10 ms.
  ['.sort((a, b) => a.id.localeCompare(b.id))', '.sort((a, b) => (a.id < b.id ? -1 : 1))'],
  // Whether this is Windows' Linux needn't be looked up.
  ["(await import('wsl-utils')).isWsl ? 'wsl' : ", ''],
];

async function spare(file: string): Promise<void> {
  let bundle = await readFile(file, 'utf8');
  for (const [text, instead] of spared) {
    if (!bundle.includes(text)) throw new Error(`@oclif/core is written in another way now, without ${text}: adapt scripts/bundle-oclif.ts`);
    bundle = bundle.replace(text, instead);
  }
  await writeFile(file, bundle);
}

/** Has the built CLI name the bundle where its sources name @oclif/core: finding that out at each start costs 5 ms. */
export async function useBundle(cli: string, file: string): Promise<void> {
  for (const name of await readdir(cli, { recursive: true })) {
    if (!name.endsWith('.js')) continue;
    const path = join(cli, name);
    const text = await readFile(path, 'utf8');
    const own = text.replaceAll(/ from '@oclif\/core';/g, ` from '${relative(dirname(path), file)}';`);
    if (own !== text) await writeFile(path, own);
  }
}

const prologue = `import { createRequire } from 'node:module';
const requireForOclif = createRequire(createRequire(import.meta.url).resolve('@oclif/core'));
const __dirname = import.meta.dirname;
const __filename = import.meta.filename;
function late(name) {
  if (name === 'debug' && !process.env.DEBUG) return () => () => undefined;
  let loaded;
  const load = () => (loaded ??= requireForOclif(name));
  return new Proxy(function () {}, {
    get: (_, key) => (key === '__esModule' ? undefined : load()[key]),
    apply: (_, self, args) => load().apply(self, args),
    construct: (_, args) => new (load())(...args),
  });
}
`;
