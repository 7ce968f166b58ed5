/** The shells that can be taught. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Luna 1's other commands are completed as what they stand for. */
const STAND_FOR = { lpower: 'power', lchroot: 'osimage chroot', lweb: 'service', ltorrent: 'service' } as const;
const commands = ['luna', ...Object.keys(STAND_FOR)].join(' ');

const bash = `# luna's completion for bash. In ~/.bashrc: source <(luna completion bash)
_luna() {
  local line=\${COMP_LINE:0:COMP_POINT} words reply lead=()
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  case \${words[0]##*/} in
${Object.entries(STAND_FOR).map(([command, words]) => `    ${command}) lead=(${words}) ;;`).join('\n')}
  esac
  local current=\${words[\${#words[@]}-1]}
  mapfile -t reply < <(luna __complete "\${lead[@]}" "\${words[@]:1}" 2>/dev/null)
  reply=("\${reply[@]%%$'\\t'*}")
  # Readline breaks words at @ : = and the like too, and replaces only what stands behind the last of them: $2.
  local whole=\${current//[\\'\\"]/} part=\${2//[\\'\\"]/}
  [[ $part == [=:@] ]] && part=
  local typed=\${whole%"$part"}
  COMPREPLY=("\${reply[@]#"$typed"}")
  # A flag with its value, or a kind of object, goes on.
  [[ \${#reply[@]} -eq 1 && \${reply[0]} == *[=/] ]] && compopt -o nospace 2>/dev/null
  [[ \${#reply[@]} -gt 0 ]] && compopt -o nosort 2>/dev/null
}
complete -o default -F _luna ${commands}
`;

const zsh = `#compdef ${commands}
# luna's completion for zsh. In ~/.zshrc, after compinit: source <(luna completion zsh)
_luna() {
  local -a lead reply
  case \${words[1]:t} in
${Object.entries(STAND_FOR).map(([command, words]) => `    ${command}) lead=(${words}) ;;`).join('\n')}
  esac
  local line word about
  for line in "\${(@f)$(luna __complete "\${lead[@]}" "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] || continue
    word=\${line%%$'\\t'*}
    about=\${line#*$'\\t'}
    word=\${word//:/\\\\:}
    if [[ $about == $line ]]; then reply+=("$word"); else reply+=("$word:$about"); fi
  done
  if (( \${#reply} )); then _describe -V luna reply; else _files; fi
}
# Loaded by name from a folder of functions it is called at once; read by source it is made known.
if [[ $funcstack[1] == _luna ]]; then _luna "$@"; else compdef _luna ${commands}; fi
`;

const fish = `# luna's completion for fish. Once: luna completion fish > ~/.config/fish/completions/luna.fish
function __luna_complete
    set -l words (commandline -opc)
    set -l lead
    switch (basename $words[1])
${Object.entries(STAND_FOR).map(([command, words]) => `        case ${command}\n            set lead ${words}`).join('\n')}
    end
    set -l found (luna __complete $lead $words[2..-1] (commandline -ct) 2>/dev/null)
    if count $found >/dev/null
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
${['luna', ...Object.keys(STAND_FOR)].map((command) => `complete -c ${command} -f -a '(__luna_complete)'`).join('\n')}
`;

/** What a shell has to read to complete luna's commands. */
export const COMPLETION_SCRIPTS: Readonly<Record<Shell, string>> = { bash, zsh, fish };
