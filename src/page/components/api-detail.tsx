/** One API beside its group: parameters, back end, who may call it, and the policies it has. */
import type { ComponentChildren } from 'preact';
import { address } from '../address.ts';
import { serviceCurl } from '../api.ts';
import { copy } from '../notice.ts';
import { type Api, api, closeApi, deleteApi, type Group, group, pathInGroup } from '../resources.ts';
import { joined, type Text, t, textOf } from '../text.ts';
import { Button, Menu } from './controls.tsx';
import { openExport } from './export.tsx';
import { Beside, Block, type Cell, Facts, SCROLLS, Table } from './layout.tsx';
import { ask } from './overlays.tsx';

export const ApiDetail = () =>
  address.value.api !== '' && api.value && group.value ? (
    <Detail key={api.value.id} api={api.value} group={group.value} />
  ) : null;

type Row = Readonly<Record<string, unknown>>;
const BACK_ENDS = ['backend_api', 'func_info', 'mock_info'] as const;
const POLICIES = ['policy_https', 'policy_functions', 'policy_mocks'] as const;
/** What is the same for every back end. */
const DULL = ['id', 'status', 'register_time', 'update_time'];

const rowsOf = (value: unknown): readonly Row[] => (Array.isArray(value) ? (value as Row[]) : []);
const factsOf = (row: Row) =>
  Object.entries(row)
    .filter(([name, value]) => !DULL.includes(name) && value !== '' && typeof value !== 'object')
    .map(([name, value]) => [name, textOf(value)] as const);

function Detail({ api: shown, group: of }: { api: Api; group: Group }) {
  const { id, name, req_method, req_uri, auth_type, run_env_name, attached } = shown;
  const members: Row = shown;
  const backEnd = BACK_ENDS.map((member) => members[member] as Row | undefined).find(
    (one) => one !== undefined,
  );
  const policies = POLICIES.flatMap((member) => rowsOf(members[member]));
  const remove = () =>
    ask({
      title: t('deleteApi', name),
      about: run_env_name ? t('takenOffline', run_env_name.replaceAll('|', ', ')) : '',
      run: () => deleteApi(of, shown),
    });
  return (
    <Beside id="api" title={`${req_method} ${req_uri}`} about={name} onClose={closeApi}>
      <div class="row">
        <span class="chip plain">{auth_type}</span>
        <span class={`chip ${run_env_name ? 'ok' : 'plain'}`}>
          {run_env_name?.replaceAll('|', ', ') ?? t('offline')}
        </span>
        <span class="grow" />
        <Button text="exportOne" class="small" onClick={() => openExport(of, shown)} />
        <Menu
          label={t('moreOf', name)}
          items={[
            ['copyCurl', () => void copy(serviceCurl(pathInGroup(of, `apis/${id}`)))],
            ['delete', remove],
          ]}
        />
      </div>
      <Facts facts={headOf(shown)} />
      <Parameters title={t('parameters')} rows={shown.req_params as readonly Row[]} heads={REQUEST_HEADS} />
      {backEnd && (
        <Block title={`${t('backEnd')} · ${shown.backend_type}`}>
          <Facts facts={factsOf(backEnd)} />
        </Block>
      )}
      <Parameters
        title={t('backendParameters')}
        rows={rowsOf(members['backend_params'])}
        heads={BACKEND_HEADS}
      />
      {policies.map(policy)}
      {attached.map(({ kind, name: of, definition }) => (
        <Block key={kind} title={`${t(ATTACHED[kind])} · ${of}`}>
          {definition === undefined ? (
            <p class="soft">{t('notImportedHere')}</p>
          ) : (
            <Json value={definition} />
          )}
        </Block>
      ))}
    </Beside>
  );
}

const ATTACHED = {
  ratelimit: 'rateLimit',
  'access-control': 'accessControl',
  authorizer: 'authorizer',
} as const;

const headOf = ({ id, remark, req_protocol, match_mode, tags, cors, response_id }: Api) =>
  (
    [
      [t('id'), id],
      [t('remark'), remark],
      [
        t('protocol'),
        joined(' · ', req_protocol, match_mode === 'SWA' ? t('prefixMatch') : '', cors ? 'CORS' : ''),
      ],
      [t('tags'), tags.join(', ')],
      [t('gatewayResponse'), response_id ?? ''],
    ] as const
  ).filter(([, text]) => text !== '');

const REQUEST_HEADS = ['name', 'location', 'type', 'required'] as const;
const BACKEND_HEADS = ['name', 'location', 'origin', 'value'] as const;

function Parameters({ title, rows, heads }: { title: string; rows: readonly Row[]; heads: readonly Text[] }) {
  if (rows.length === 0) return null;
  const cells = (row: Row): Cell[] =>
    heads.map((head): Cell => {
      if (head === 'required') return [row['required'] === 1 ? t('yes') : t('no')];
      if (head === 'name') return [named(row), 'mono'];
      return [textOf(row[head]), head === 'value' ? 'mono' : undefined];
    });
  return (
    <Block title={`${title} · ${rows.length}`}>
      <Table label={title} heads={heads} rows={rows} cells={cells} />
    </Block>
  );
}

const named = (row: Row): ComponentChildren => {
  const limits = ['default_value', 'enumerations', 'min_num', 'max_num', 'min_size', 'max_size']
    .filter((name) => row[name] !== undefined && row[name] !== '')
    .map((name) => `${name} ${textOf(row[name])}`);
  const about = joined(' · ', textOf(row['remark']), ...limits);
  return [textOf(row['name']), about !== '' && <span class="line soft">{about}</span>];
};

function policy(row: Row) {
  const conditions = rowsOf(row['conditions']).map((one) =>
    joined(
      ' ',
      textOf(one['condition_origin']),
      textOf(one['req_param_name'] ?? one['sys_param_name'] ?? one['cookie_param_name'] ?? ''),
      textOf(one['condition_type']),
      textOf(one['condition_value']),
    ),
  );
  const { name, effect_mode: mode, ...rest } = row;
  return (
    <Block key={textOf(name)} title={`${t('policy')} · ${textOf(name)}`}>
      <Facts
        facts={[
          [t('when'), conditions.join(mode === 'ANY' ? ` ${t('or')} ` : ` ${t('and')} `)],
          ...factsOf(rest),
        ]}
      />
    </Block>
  );
}

const Json = ({ value }: { value: unknown }) => <pre {...SCROLLS}>{JSON.stringify(value, null, 2)}</pre>;
