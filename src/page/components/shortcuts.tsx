/** The keys of the page, and the list of them. */
import { signal } from '@preact/signals';
import { address, go, VIEWS, viewAddress } from '../address.ts';
import { t } from '../text.ts';
import { openImport } from './import.tsx';
import { Facts } from './layout.tsx';
import { Dialog, DialogHead } from './overlays.tsx';

const isListed = signal(false);
export const listShortcuts = (): void => {
  isListed.value = true;
};

/** Closes what is open beside the view. */
function closeBeside(): void {
  const { task, api, request } = address.value;
  if (task + api + request !== '') go({ task: '', api: '', request: '' });
}

const KEYS: Readonly<Record<string, () => void>> = {
  '/': () => document.getElementById('search')?.focus(),
  '?': listShortcuts,
  i: () => openImport(),
  Escape: closeBeside,
  ...Object.fromEntries(VIEWS.map((name, at) => [String(at + 1), () => go(viewAddress(name))])),
};

/** Who types means letters; what lies above the page has keys of its own. */
const isBusy = (target: EventTarget | null): boolean =>
  (target instanceof Element && target.closest('input, select, textarea, dialog, [popover]') !== null) ||
  document.querySelector('dialog[open]') !== null;

addEventListener('keydown', (event) => {
  const run = KEYS[event.key];
  if (run === undefined || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const isSearch = event.key === 'Escape' && event.target === document.getElementById('search');
  if (isSearch) document.getElementById('search')?.blur();
  else if (isBusy(event.target)) return;
  event.preventDefault();
  run();
});

export function Shortcuts() {
  if (!isListed.value) return null;
  const close = () => {
    isListed.value = false;
  };
  const facts = [
    ['/', t('search')],
    ['i', t('importFile')],
    ...VIEWS.map((name, at) => [String(at + 1), t(`view_${name}`)] as const),
    ['↑ ↓ ← →', t('keyArrows')],
    ['Enter', t('keyEnter')],
    ['Esc', t('close')],
    ['?', t('shortcuts')],
  ] as const;
  return (
    <Dialog id="shortcuts" kind="sheet" onClose={close}>
      <div class="inside">
        <DialogHead id="shortcuts" title={t('shortcuts')} />
        <Facts facts={facts} />
      </div>
    </Dialog>
  );
}
