/** The dashboard: puts its views together, follows the mock, ticks. */
import { effect } from '@preact/signals';
import { type ComponentChild, render, type TargetedMouseEvent } from 'preact';
import { address, go, linkTo, VIEWS, type View, view, viewAddress } from './address.ts';
import { BoardView } from './components/board.tsx';
import { Clock } from './components/clock.tsx';
import { Button, LanguageAndTheme, STOP } from './components/controls.tsx';
import { Welcome } from './components/empty.tsx';
import { ExportDialog } from './components/export.tsx';
import { Faults } from './components/faults.tsx';
import { Filters, Search, Workers } from './components/filters.tsx';
import { DropZone, ImportDialog, openImport } from './components/import.tsx';
import { AskDialog, LoginDialog, Toast } from './components/overlays.tsx';
import { Plan } from './components/plan.tsx';
import { RequestDetail, Requests } from './components/requests.tsx';
import { Resources } from './components/resources.tsx';
import { useRoving } from './components/roving.ts';
import { listShortcuts, Shortcuts } from './components/shortcuts.tsx';
import { State } from './components/state.tsx';
import { TaskDetail } from './components/task.tsx';
import { followEvents, retry } from './feed.ts';
import { connection, details, loadFaults, lookSoon, overview, pageMs } from './store.ts';
import { t } from './text.ts';

const TICK_MS = 250;
/** Requests make no event: they are looked for as often as this while the page is seen. */
const LOOK_MS = 2000;

/** Whether there has been anything at all yet. */
const isEmpty = (): boolean => {
  const { totals, groups } = overview.value ?? {};
  if (totals === undefined || groups?.total !== 0) return false;
  return Object.values(totals).every((count) => count === 0);
};

const Tasks = () => (
  <>
    <Workers />
    {isEmpty() && address.value.search === '' && <Welcome />}
    <BoardView />
    <Requests />
  </>
);

const CONTENTS: Readonly<Record<View, () => ComponentChild>> = {
  tasks: () => <Tasks />,
  apis: () => <Resources />,
  requests: () => <Requests />,
  faults: () => <Faults />,
  plans: () => <Plan />,
  state: () => <State />,
};

/** The views that the filter is for; the others have a scope of their own. */
const FILTERED: readonly View[] = ['tasks', 'apis', 'requests'];

function Tabs() {
  const roving = useRoving<HTMLDivElement>();
  const tab = (name: View) => {
    const choose = (event: TargetedMouseEvent<HTMLAnchorElement>) => {
      // With a key held, the link opens where the browser has it open.
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(viewAddress(name));
    };
    return (
      <a
        key={name}
        id={`tab-${name}`}
        role="tab"
        aria-selected={view.value === name}
        aria-controls="view"
        href={linkTo(viewAddress(name))}
        onClick={choose}
        {...STOP}
      >
        {t(`view_${name}`)}
      </a>
    );
  };
  return (
    <div class="tabs" role="tablist" aria-label={t('views')} {...roving}>
      {VIEWS.map(tab)}
    </div>
  );
}

/** What is to be seen everywhere when the mock is gone. */
const Lost = () =>
  connection.value === 'lost' ? (
    <div class="lost-bar" role="alert">
      <span>{t('lostAbout', location.host)}</span>
      <code>{`npx apig-mock --port ${location.port || '80'}`}</code>
      <Button text="retry" class="small" onClick={retry} />
    </div>
  ) : null;

const focusView = (): void => document.getElementById('view')?.focus();

const Dashboard = () => (
  <>
    <Button text="skip" class="skip" onClick={focusView} />
    <header class="top">
      <div class="brand">
        <span class="mark" aria-hidden="true" />
        <h1>apig-mock</h1>
        <span class="soft">{overview.value?.version}</span>
      </div>
      <p class={`link ${connection.value}`} role="status">
        {t(connection.value)}
      </p>
      <Tabs />
      <span class="grow" />
      <Search />
      <nav class="tools" aria-label={t('tools')}>
        <a href="/__admin/docs">{t('docs')}</a>
        <LanguageAndTheme />
        <Button id="keys" class="ghost" sign="?" label={t('shortcuts')} onClick={listShortcuts} />
        <Button id="import" text="importFile" class="primary" onClick={() => openImport()} />
      </nav>
    </header>
    <Lost />
    {FILTERED.includes(view.value) && (
      <div class="scope-bar" inert={connection.value === 'lost'}>
        <Filters />
        {view.value === 'tasks' && <Clock />}
      </div>
    )}
    <main class={isBeside() ? 'with-beside' : undefined} inert={connection.value === 'lost'}>
      <div id="view" class="stage" role="tabpanel" aria-labelledby={`tab-${view.value}`} tabIndex={-1}>
        {CONTENTS[view.value]()}
      </div>
      {view.value === 'tasks' && <TaskDetail />}
      {view.value === 'requests' && <RequestDetail />}
    </main>
    <ImportDialog />
    <ExportDialog />
    <AskDialog />
    <Shortcuts />
    <LoginDialog />
    <DropZone />
    <Toast />
  </>
);

const isBeside = (): boolean =>
  (view.value === 'tasks' && details.value !== undefined) ||
  (view.value === 'requests' && address.value.request !== '');

effect(() => {
  document.title =
    connection.value === 'lost' ? `⚠ ${t('lost')} apig-mock` : `${t(`view_${view.value}`)} · apig-mock`;
});

render(<Dashboard />, document.getElementById('page') as HTMLElement);
document.addEventListener('visibilitychange', lookSoon);
setInterval(() => {
  if (!document.hidden && connection.value !== 'lost') pageMs.value = performance.now();
}, TICK_MS);
setInterval(() => {
  if (document.hidden || connection.value !== 'live') return;
  lookSoon();
  loadFaults().catch(() => {});
}, LOOK_MS);
void followEvents();
