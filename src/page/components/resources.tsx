/** The API groups as a view of their own: which there are, and the APIs of the one that is open. */
import type { GroupCard } from '../../admin/overview-groups.ts';
import { address } from '../address.ts';
import { serviceCurl } from '../api.ts';
import { copy } from '../notice.ts';
import {
  APIS,
  type Api,
  apiOffset,
  deleteGroup,
  type Group,
  group,
  openApi,
  openGroup,
  pathInGroup,
} from '../resources.ts';
import { overview } from '../store.ts';
import { dateOf, number, placeName, t, timeOfDay } from '../text.ts';
import { ApiDetail } from './api-detail.tsx';
import { Button, Menu, STOP } from './controls.tsx';
import { Welcome } from './empty.tsx';
import { openExport } from './export.tsx';
import { openImport } from './import.tsx';
import { type Cell, Panel, Table } from './layout.tsx';
import { ask } from './overlays.tsx';
import { useRoving } from './roving.ts';

export function Resources() {
  const { total, newest } = overview.value?.groups ?? { total: 0, newest: [] };
  const rest = total - newest.length;
  const roving = useRoving<HTMLUListElement>();
  const isSearched = address.value.search !== '';
  if (total === 0 && !isSearched) return overview.value ? <Welcome /> : null;
  return (
    <div class="resources">
      <Panel id="groups" head={<span class="soft">{number(total)}</span>}>
        {newest.length === 0 && <p class="hint">{t('nothingFound')}</p>}
        <ul class="picks" aria-labelledby="groups-title" {...roving}>
          {newest.map(item)}
        </ul>
        {rest > 0 && <p class="soft">{t('more', number(rest))}</p>}
      </Panel>
      {group.value && <GroupPanel group={group.value} />}
      <ApiDetail />
    </div>
  );
}

function item(card: GroupCard) {
  const { id, name, apis } = card;
  return (
    <li key={id}>
      <button
        type="button"
        class="pick"
        aria-current={id === group.value?.id}
        onClick={() => openGroup(card)}
        {...STOP}
      >
        <strong>{name}</strong>
        <span class="count">{t('apiCount', number(apis))}</span>
        <span class="line soft">{placeName(card)}</span>
      </button>
    </li>
  );
}

const HEADS = ['method', 'path', 'auth', 'backEnd', 'environments', 'actions'] as const;

function GroupPanel({ group: shown }: { group: Group }) {
  const { id, name, remark, total, page, created_at } = shown;
  const list = pathInGroup(shown, `apis?group_id=${id}`);
  const remove = () =>
    ask({
      title: t('deleteGroup', name),
      about: t('deleteGroupAbout', number(shown.apis)),
      run: () => deleteGroup(shown),
    });
  return (
    <section id="group" class="panel" aria-labelledby="group-title">
      <div class="head">
        <div class="grow">
          <h2 id="group-title">{name}</h2>
          <p class="soft">
            <span class="mono">{id}</span>
            {` · ${placeName(shown)} · ${dateOf(created_at)} ${timeOfDay(created_at, false)}`}
          </p>
          {remark !== '' && <p>{remark}</p>}
        </div>
        <Button text="export" class="primary" onClick={() => openExport(shown)} />
        <Button text="importHere" onClick={() => openImport({ group: shown })} />
        <Menu
          label={t('moreOf', name)}
          items={[
            ['copyCurl', () => void copy(serviceCurl(list))],
            ['delete', remove],
          ]}
        />
      </div>
      {page.length === 0 ? (
        <p class="soft">{t(address.value.search === '' ? 'noApis' : 'nothingFound')}</p>
      ) : (
        <Table
          label={t('apis')}
          heads={HEADS}
          rows={page}
          keyOf={(one) => one.id}
          cells={cellsOf(shown)}
          open={(one) => one.id === address.value.api}
        />
      )}
      {total > APIS && <Pages total={total} shown={page.length} />}
    </section>
  );
}

const cellsOf =
  (of: Group) =>
  (one: Api): Cell[] => {
    const { id, name, req_method, req_uri, auth_type, attached, backend_type, run_env_name } = one;
    const authorizer = attached.find(({ kind }) => kind === 'authorizer');
    return [
      [
        <span key="verb" class={`verb ${req_method.toLowerCase()}`}>
          {req_method}
        </span>,
      ],
      [
        <button key="open" type="button" class="link-like" onClick={() => openApi(id)} {...STOP}>
          <span class="mono">{req_uri}</span>
          <span class="line soft">{name}</span>
        </button>,
        'path',
      ],
      [[auth_type, authorizer && <span class="line soft">{authorizer.name}</span>]],
      [backend_type],
      [run_env_name?.replaceAll('|', ', ') ?? <span class="soft">{t('offline')}</span>],
      [
        <Menu
          key="more"
          stop
          label={t('moreOf', name)}
          items={[
            ['copyCurl', () => void copy(serviceCurl(pathInGroup(of, `apis/${id}`)))],
            ['exportOne', () => openExport(of, one)],
          ]}
        />,
      ],
    ];
  };

function Pages({ total, shown }: { total: number; shown: number }) {
  const first = apiOffset.value;
  const turn = (sign: string, label: string, by: number) => {
    const to = first + by;
    const go = () => {
      apiOffset.value = to;
    };
    return <Button class="small" sign={sign} label={label} disabled={to < 0 || to >= total} onClick={go} />;
  };
  return (
    <footer class="row">
      {turn('‹', t('previousPage'), -APIS)}
      <span class="soft">{t('range', number(first + 1), number(first + shown), number(total))}</span>
      {turn('›', t('nextPage'), APIS)}
    </footer>
  );
}
