/** The result of a task as one reads it: what was imported and what was not, a file, an error, or the bare text. */
import { download } from '../api.ts';
import { number, type Text, t, textOf } from '../text.ts';
import { Button } from './controls.tsx';
import { type Cell, SCROLLS, Table } from './layout.tsx';

/** More of a text than this is not drawn; it can be downloaded. */
const MAX_SHOWN = 20_000;
const MAX_ROWS = 300;

type Row = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const rowsOf = (value: unknown): readonly Row[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** A `task_result` as an object; an empty one where it is none. */
export function parseResult(text: string): Row {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** How many APIs of an import were not imported. */
export const failedCount = (result: Row): number => rowsOf(result['failure']).length;

/** Everything there is to show of a `task_result`. */
export function Result(props: { text: string; result: Row; reason: string | undefined }) {
  const { text, result, reason } = props;
  if (text === '') return <p class="soft">{t('noResult')}</p>;
  const readable = readableOf(result);
  return (
    <div class="block">
      {readable}
      {reason !== undefined && (
        <p class="reason">
          <strong>{t('why')}</strong> {reason}
        </p>
      )}
      <details open={!readable}>
        <summary>{t('raw')}</summary>
        <div class="block">
          <div class="row">
            <Button
              text="download"
              class="small"
              onClick={() => download('task_result.json', new Blob([text]))}
            />
          </div>
          <LongText text={text} />
        </div>
      </details>
    </div>
  );
}

/** The result in a form of its own, where it has one of the known ones. */
function readableOf(result: Row) {
  if (typeof result['Comment'] === 'string' && 'FileName' in result) return <Exported result={result} />;
  const isImport = LISTS.some(([member]) => rowsOf(result[member]).length > 0) || 'group_id' in result;
  if (!('error_code' in result)) return isImport && <Imported result={result} />;
  return (
    <p class="callout">
      <strong>{textOf(result['error_code'])}</strong> {textOf(result['error_msg'])}
    </p>
  );
}

/** A long text, cut. */
function LongText({ text }: { text: string }) {
  const rest = text.length - MAX_SHOWN;
  return (
    <pre {...SCROLLS}>{rest > 0 ? `${text.slice(0, MAX_SHOWN)}\n${t('truncated', number(rest))}` : text}</pre>
  );
}

function Exported({ result }: { result: Row }) {
  const text = textOf(result['Comment']);
  const name = `${textOf(result['FileName'])}${textOf(result['FileType'])}`;
  return (
    <>
      <div class="row">
        <span class="grow mono">{`${name} · ${number(new Blob([text]).size)} B`}</span>
        <Button text="download" class="primary" onClick={() => download(name, new Blob([text]))} />
      </div>
      <LongText text={text} />
    </>
  );
}

/** The lists of an import's result, and the members of each that are shown; texts have the members' names. */
type List = readonly [member: string, title: Text, kind: string, columns: readonly Text[]];
const LISTS: readonly List[] = [
  ['success', 'importedApis', 'ok', ['method', 'path', 'action', 'id']],
  ['failure', 'failedApis', 'bad', ['method', 'path', 'error_code', 'error_msg']],
  ['ignore', 'ignoredApis', 'plain', ['method', 'path', 'name']],
];

function Imported({ result }: { result: Row }) {
  const group = result['group_id'];
  return (
    <>
      {LISTS.map((list) => importedList(list, rowsOf(result[list[0]])))}
      {typeof group === 'string' && (
        <p class="soft">
          {t('group')} <code>{group}</code>
        </p>
      )}
    </>
  );
}

function importedList([member, title, kind, columns]: List, rows: readonly Row[]) {
  if (rows.length === 0) return null;
  const rest = rows.length - MAX_ROWS;
  const shown = rows.slice(0, MAX_ROWS);
  const cells = (row: Row): Cell[] => columns.map((column) => [textOf(row[column]), column]);
  return (
    <div key={member} class="block">
      <div class="row">
        <h3>{t(title)}</h3>
        <span class={`chip ${kind}`}>{rows.length}</span>
      </div>
      <Table label={t(title)} heads={columns} rows={shown} cells={cells} />
      {rest > 0 && <p class="soft">{t('more', number(rest))}</p>}
    </div>
  );
}
