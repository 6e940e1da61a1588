/** The API groups: what was imported where, under which id, and a way to import into it again. */
import type { GroupCard } from '../control/overview-groups.ts';
import { copyButton, curlOf } from './curl.ts';
import { button, byId, el, refill } from './dom.ts';
import { number, t } from './language.ts';
import { overview } from './model.ts';
import { token } from './session.ts';
import { openUpload } from './upload.ts';

let drawn = '';

/** Draws the list where it has changed. */
export function drawGroups(force = false): void {
  const groups = overview()?.groups;
  if (groups === undefined) return;
  const state = JSON.stringify(groups);
  if (!force && state === drawn) return;
  drawn = state;
  const { total, newest } = groups;
  const rest = total - newest.length;
  refill(
    byId('groups'),
    el(
      'div',
      { class: 'head' },
      el('h2', { id: 'groups-title', class: 'grow' }, t('groups')),
      el('span', { class: 'soft' }, number(total)),
    ),
    newest.length === 0
      ? el('p', { class: 'hint' }, t('noGroups'))
      : el(
          'ul',
          { class: 'rules tall', tabindex: '0', 'aria-labelledby': 'groups-title' },
          ...newest.map(group),
        ),
    rest > 0 && el('p', { class: 'soft' }, t('more', number(rest))),
  );
}

function group(card: GroupCard): HTMLElement {
  const { id, name, project_id, instance_id, apis } = card;
  const list = `/v2/${project_id}/apigw/instances/${instance_id}/apis?group_id=${id}`;
  return el(
    'li',
    {},
    el(
      'span',
      {},
      el('strong', {}, name),
      ` · ${t('apiCount', number(apis))}`,
      el('span', { class: 'line mono' }, id),
      el('span', { class: 'line soft' }, `${project_id} / ${instance_id}`),
    ),
    el(
      'span',
      { class: 'acts' },
      button(t('importInto'), () => openUpload(undefined, card), {
        class: 'small',
        'data-k': `into ${id}`,
        'aria-label': `${t('importInto')}: ${name}`,
      }),
      copyButton(() => curlOf({ path: list, headers: { 'X-Auth-Token': token() } }), 'curl'),
    ),
  );
}
