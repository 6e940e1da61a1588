/** Runs the commands of a page in one shell, as a reader would type them, against a mock that is running already. */
import { dirname } from 'node:path';
import { runChild } from '../support/child.ts';
import { COMMAND } from '../support/command.ts';
import type { Block } from './pages.ts';

export interface Command {
  readonly line: number;
  readonly text: string;
  /** What the page shows; `…` stands for any text. Undefined: nothing is shown, and the command must succeed. */
  readonly shows: string | undefined;
}

export interface Result extends Command {
  readonly code: number;
  /** Both streams, with the address that the page has. */
  readonly output: string;
}

const ADDRESS = /(?:127\.0\.0\.1|localhost):8080/g;
const MARK = '\u0001';

/** The commands of a block: of `console` those behind `$`, each with the output below it; of `sh` the whole as one. */
export function commandsOf({ language, text, line }: Block): Command[] {
  if (language === 'sh') return [{ line, text, shows: undefined }];
  const commands: { line: number; text: string; shows: string[] }[] = [];
  for (const [index, row] of text.split('\n').entries()) {
    const last = commands.at(-1);
    if (row.startsWith('$ ')) commands.push({ line: line + index, text: row.slice(2), shows: [] });
    else if (last?.text.endsWith('\\') === true && last.shows.length === 0) last.text += `\n${row}`;
    else last?.shows.push(row);
  }
  return commands.map(({ shows, ...command }) => ({
    ...command,
    shows: shows.length === 0 ? undefined : shows.join('\n').trim(),
  }));
}

/** `npx apig-mock` without an installation, with the address of the mock; pauses are none, since its tasks move by reads. */
const PRELUDE = `
npx() {
  shift
  case " $* " in *' --help '*|*' --version '*|*' --print-config '*|*' --endpoint '*|*' --url '*) ;; *)
    case $1 in import|export) set -- "$@" --endpoint "$MOCK_URL";; *) set -- "$@" --url "$MOCK_URL";; esac
  esac
  node "$MOCK_COMMAND" "$@"
}
sleep() { :; }
`;

/** Runs the commands one after the other, in a folder; variables last. */
export async function runCommands(
  commands: readonly Command[],
  { url, folder }: { readonly url: string; readonly folder: string },
): Promise<Result[]> {
  const address = new URL(url).host;
  const steps = commands.map(
    ({ text }) => `{ ${text.replace(ADDRESS, address)}\n} 2>&1\nprintf '\\n${MARK}%s${MARK}' $?\n`,
  );
  const { code, stdout } = await runChild('bash', ['-c', PRELUDE + steps.join('')], {
    cwd: folder,
    env: {
      ...{ PATH: `${dirname(process.execPath)}:${process.env['PATH']}`, HOME: folder },
      ...{ MOCK_URL: url, MOCK_COMMAND: COMMAND, COLUMNS: '100' },
    },
  });
  const parts = stdout.split(MARK);
  if (code !== 0 || parts.length !== commands.length * 2 + 1) throw new Error(`the shell ended:\n${stdout}`);
  return commands.map((command, index) => ({
    ...command,
    code: Number(parts[index * 2 + 1]),
    output: (parts[index * 2] ?? '').replaceAll('\r', '').trim().replaceAll(address, '127.0.0.1:8080'),
  }));
}

/** Whether an output is what the page shows. */
export function isShown(output: string, shown: string): boolean {
  const pattern = shown
    .split('…')
    .map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[\\s\\S]*?');
  return new RegExp(`^${pattern}$`).test(output);
}
