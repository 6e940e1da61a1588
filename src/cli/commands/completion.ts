/** `apig-mock completion`: scripts for bash, zsh and fish, made of the table of commands. */
import type { Option } from '../../config/settings.ts';
import type { Action, Command } from '../command.ts';

/** What a script offers for one command: the sub-commands and the options of serving stand under an empty name. */
interface Offered {
  readonly name: string;
  readonly actions: readonly Pick<Action, 'name' | 'summary'>[];
  readonly options: readonly Option[];
}

/** The script of a shell: `bash`, `zsh` or `fish`. */
export function completionScript(
  shell: string,
  commands: readonly Command[],
  serving: readonly Option[],
): string {
  const serve = { name: 'serve', summary: 'serve until stopped' };
  const offered: readonly Offered[] = [
    { name: '', actions: [serve, ...commands], options: serving },
    { name: 'serve', actions: [], options: serving },
    ...commands.map(({ name, actions = [], options }) => ({ name, actions, options })),
  ];
  if (shell === 'fish') return fish(offered);
  // zsh runs the functions of bash by what it brings along.
  const isZsh = shell === 'zsh';
  return isZsh
    ? `autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n${bash(offered)}`
    : bash(offered);
}

const flagsOf = ({ options }: Offered): string[] =>
  options.flatMap(({ flag, aliases = [], kind, default: fallback }) => [
    ...[flag, ...aliases].map((name) => `--${name}`),
    ...(kind === 'switch' && fallback !== undefined ? [`--no-${flag}`] : []),
  ]);

/** The values that an option offers: its choices, else names of files where it takes one. */
const valuesOf = (option: Option): readonly string[] | 'files' | undefined => {
  if (option.kind === 'choice') return option.choices;
  return option.kind !== 'switch' && ['file', 'folder'].includes(option.value ?? '') ? 'files' : undefined;
};

function bash(offered: readonly Offered[]): string {
  const words = offered.map(
    (one) =>
      `    '${one.name}') words='${[...one.actions.map(({ name }) => name), ...flagsOf(one)].join(' ')}' ;;`,
  );
  const values = offered.flatMap(({ name, options }) =>
    options.flatMap((option) => {
      const found = valuesOf(option);
      if (found === undefined && option.kind === 'switch') return [];
      const reply =
        found === 'files'
          ? '$(compgen -f -- "$cur")'
          : `$(compgen -W '${(found ?? []).join(' ')}' -- "$cur")`;
      const flags = [option.flag, ...(option.aliases ?? [])].map((flag) => `'${name} --${flag}'`).join(' | ');
      return [`    ${flags}) COMPREPLY=(${reply}); return ;;`];
    }),
  );
  const names = offered.flatMap(({ name }) => (name === '' ? [] : [name])).join(' | ');
  return `_apig_mock() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" name='' words=''
  if [ "$COMP_CWORD" -gt 1 ]; then
    case "\${COMP_WORDS[1]}" in
      ${names}) name="\${COMP_WORDS[1]}" ;;
    esac
  fi
  case "$name $before" in
${values.join('\n')}
  esac
  case "$name" in
${words.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  [ "$name" = import ] && case "$cur" in -*) ;; *) COMPREPLY=($(compgen -f -- "$cur")) ;; esac
  return 0
}
complete -o filenames -F _apig_mock apig-mock
`;
}

const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;

function fish(offered: readonly Offered[]): string {
  const lines = offered.flatMap(({ name, actions, options }) => {
    const when = name === '' ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${name}`;
    const base = `complete -c apig-mock -n ${quoted(when)}`;
    return [
      ...actions.map((action) => `${base} -f -a ${action.name} -d ${quoted(action.summary)}`),
      ...options.flatMap((option) => {
        const values = valuesOf(option);
        const takes =
          option.kind === 'switch'
            ? ''
            : values === 'files'
              ? ' -r -F'
              : ` -x -a ${quoted((values ?? []).join(' '))}`;
        const short = option.short === undefined ? '' : ` -s ${option.short}`;
        return [option.flag, ...(option.aliases ?? [])].map(
          (flag) => `${base} -l ${flag}${short}${takes} -d ${quoted(option.help)}`,
        );
      }),
    ];
  });
  return `${lines.join('\n')}\n`;
}
