import { defineConfig } from 'eslint/config';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { importLaws } from './scripts/lint/import-laws.ts';

// ESLint's own rules for what neither the compiler nor typescript-eslint looks at.
const coreRules = Object.fromEntries([
  'no-async-promise-executor', 'no-case-declarations', 'no-compare-neg-zero', 'no-cond-assign', 'no-console', 'no-constant-condition', 'no-control-regex',
  'no-debugger', 'no-dupe-else-if', 'no-duplicate-case', 'no-empty', 'no-empty-character-class', 'no-ex-assign', 'no-fallthrough', 'no-irregular-whitespace',
  'no-loss-of-precision', 'no-misleading-character-class', 'no-self-assign', 'no-sparse-arrays', 'no-unsafe-finally', 'no-useless-backreference',
  'no-useless-escape', 'no-var', 'prefer-const', 'use-isnan',
].map((rule) => [rule, 'error']));

// Everything is an error: there is no level of warnings.
export default defineConfig(
  { ignores: ['dist/', 'node_modules/', '.cache/', 'infra/boot/torrent/no-webrtc/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { luna: { rules: { 'import-laws': importLaws } }, 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: { 'import-x/extensions': ['.ts'], 'import-x/resolver-next': [relativeTypeScript()] },
    rules: {
      'luna/import-laws': 'error',
      'import-x/no-cycle': 'error',
      'max-lines': ['error', 300],
      ...coreRules,
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': ['error', { selector: 'ExportAllDeclaration', message: 'Name what you export.' }, { selector: 'TSEnumDeclaration', message: 'Use an as const object and a union.' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // Guards against what the types rule out are how the edges of the program are written: input from outside, /proc, packets.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Dependencies are plain objects of functions, made by closures: taking one apart loses nothing.
      '@typescript-eslint/unbound-method': 'off',
      // What an interface calls asynchronous may have nothing to wait for in one of its implementations, a fake above all.
      '@typescript-eslint/require-await': 'off',
      // `readJson<State>(path)`: what a function reads from outside is named by its caller.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  {
    // Only the configuration and the processes' edges read the environment.
    files: ['domain/**/*.ts', 'workflows/**/*.ts', 'activities/**/*.ts'],
    rules: { 'no-restricted-globals': ['error', 'process', 'Buffer', 'setInterval'] },
  },
  {
    // node:test's test() returns a promise that the runner itself awaits.
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: ['test', 'describe', 'it', 'suite'] }] }] },
  },
  { files: ['scripts/**/*.ts', 'bench/**/*.ts', 'test/**/*.ts'], rules: { 'no-console': 'off' } },
  { files: ['**/*.js'], languageOptions: { globals: { process: 'readonly' } } },
);

/** Our imports name their file, extension included: there is nothing to search. */
function relativeTypeScript() {
  return {
    interfaceVersion: 3,
    name: 'relative',
    resolve: (source, file) => source.startsWith('.') ? { found: true, path: new URL(source, `file://${file}`).pathname } : { found: false },
  };
}
