import { type CompletionWords, firstWords, groupsOf } from './completion-words.ts';

/**
 * The completion of bash. Its words are broken at `=` and `:`, so that `--lang=p` comes as three of them; of a list
 * (`high,cr`) only what stands behind the last comma is completed. Where nothing is known, files are.
 */
export function bashScript(commands: readonly CompletionWords[]): string {
  return `_cinzel() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" first="\${COMP_WORDS[1]}"
  local second="\${COMP_WORDS[2]}" words=""
  if [ "$current" = "=" ]; then current=""
  elif [ "$previous" = "=" ]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  local command="$first" position=$COMP_CWORD
${chooseWords(commands, 'words')}
  local before=""
  case "$current" in *,*) before="\${current%,*},"; current="\${current##*,}" ;; esac
  COMPREPLY=($(compgen -P "$before" -W "$words" -- "$current"))
  case "\${COMPREPLY[0]}" in *=) compopt -o nospace ;; esac
  [ "\${#COMPREPLY[@]}" -eq 0 ] && compopt -o default
}
complete -F _cinzel cinzel
`;
}

/** The completion of zsh: for a file \`_cinzel\` in \`fpath\`, and to be sourced. */
export function zshScript(commands: readonly CompletionWords[]): string {
  return `#compdef cinzel
_cinzel() {
  local current="\${words[CURRENT]}" previous="\${words[CURRENT-1]}" first="\${words[2]}"
  local second="\${words[3]}" list=""
  case "$current" in --*=*) previous="\${current%%=*}"; current="\${current#*=}"; compset -P '*=' ;; esac
  local command="$first" position=$((CURRENT - 1))
${chooseWords(commands, 'list')}
  case "$current" in
  *=*) list="" ;;
  *,*) compset -P '*,' ;;
  esac
  if [ -n "$list" ]; then
    local -a found=(\${=list})
    compadd -- $found
  else
    compset -P '*='
    _files
  fi
}
if [ "\${funcstack[1]}" = "_cinzel" ]; then _cinzel "$@"; else compdef _cinzel cinzel; fi
`;
}

/** The part that both shells read alike: which words may stand here, for \`current\`, \`previous\`, \`first\`, \`position\`. */
function chooseWords(commands: readonly CompletionWords[], variable: string): string {
  const groups = [...groupsOf(commands)];
  const assign = (list: readonly string[]): string => `${variable}="${list.join(' ')}"`;
  const subcommands = groups.map(([first, list]) => `    ${first}) ${assign(list)} ;;`);
  const positional = commands.filter(({ argument }) => argument.length > 0);
  const values = commands.flatMap(({ id, flags }) =>
    flags
      .filter((flag) => flag.values.length > 0)
      .map((flag) => `    ${flag.names.map((name) => `"${id} ${name}"`).join('|')}) ${assign(flag.values)} ;;`),
  );
  const flags = commands.map((words) => {
    const names = words.flags.flatMap((flag) => flag.names.filter((name) => name.startsWith('--')));
    return `    "${words.id}") ${assign(names)} ;;`;
  });
  return `  case "$first" in ${groups.map(([first]) => first).join('|')}) command="$first $second" ;; esac
  if [ "$position" -eq 1 ]; then ${assign([...firstWords(commands), '--help', '--version'])}
  elif [ "$position" -eq 2 ]; then case "$first" in
${subcommands.join('\n')}
${positional.map(({ id, argument }) => `    ${id}) ${assign(argument)} ;;`).join('\n')}
  esac; fi
  case "$current" in
  -*) case "$command" in
${flags.join('\n')}
    esac ;;
  *) case "$command $previous" in
${values.join('\n')}
    esac ;;
  esac`;
}
