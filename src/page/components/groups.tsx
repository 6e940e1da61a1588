/** The API groups: what was imported where, under which id, and a way to import into it again. */
import type { GroupCard } from '../../admin/overview-groups.ts';
import { instancePath, serviceCurl } from '../api.ts';
import { overview } from '../store.ts';
import { number, placeName, t } from '../text.ts';
import { Button, CopyButton } from './controls.tsx';
import { openImport } from './import.tsx';
import { Panel, SCROLLS } from './layout.tsx';

export function Groups() {
  const { total, newest } = overview.value?.groups ?? { total: 0, newest: [] };
  const rest = total - newest.length;
  return (
    <Panel id="groups" head={<span class="soft">{number(total)}</span>}>
      {newest.length === 0 ? (
        <p class="hint">{t('noGroups')}</p>
      ) : (
        <ul class="rules tall" {...SCROLLS} aria-labelledby="groups-title">
          {newest.map(item)}
        </ul>
      )}
      {rest > 0 && <p class="soft">{t('more', number(rest))}</p>}
    </Panel>
  );
}

function item(group: GroupCard) {
  const { id, name, project_id, instance_id, apis } = group;
  const label = `${t('importHere')}: ${name}`;
  const list = instancePath(project_id, instance_id, `apis?group_id=${id}`);
  return (
    <li key={id}>
      <span>
        <strong>{name}</strong>
        {` · ${t('apiCount', number(apis))}`}
        <span class="line mono">{id}</span>
        <span class="line soft">{placeName(group)}</span>
      </span>
      <span class="acts">
        <Button text="importHere" class="small" label={label} onClick={() => openImport({ group })} />
        <CopyButton sign="curl" command={() => serviceCurl(list)} />
      </span>
    </li>
  );
}
