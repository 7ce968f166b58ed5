#!/bin/sh
# Checks types, rules and import laws of the sources, and the shell scripts. There are no warnings: what it says is wrong.
set -eu
. "$(dirname "$0")/runtime.sh"
# It needs no build: what it says may be why there is none.
if ! find_node >/dev/null || ! command -v shellcheck >/dev/null; then sh "$root/scripts/setup.sh"; fi
use_node
cd "$root"
failed=0
node node_modules/typescript/bin/tsc -p tsconfig.json || failed=1
node node_modules/eslint/bin/eslint.js . --max-warnings 0 || failed=1
find scripts infra -name '*.sh' -exec shellcheck --severity=warning {} + || failed=1
shellcheck cli/bin/luna cli/bin/lpower cli/bin/lchroot cli/bin/lweb cli/bin/ltorrent || failed=1
exit "$failed"
