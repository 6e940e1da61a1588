/** The dashboard: puts its parts together, follows the mock, ticks. */
import { render } from 'preact';
import { BoardView } from './components/board.tsx';
import { Clock } from './components/clock.tsx';
import { Button, LanguageAndTheme } from './components/controls.tsx';
import { Faults } from './components/faults.tsx';
import { Filters, Workers } from './components/filters.tsx';
import { Groups } from './components/groups.tsx';
import { DropZone, ImportDialog, openImport } from './components/import.tsx';
import { LoginDialog, Toast } from './components/overlays.tsx';
import { Plan } from './components/plan.tsx';
import { Requests } from './components/requests.tsx';
import { Settings } from './components/settings.tsx';
import { TaskDialog } from './components/task.tsx';
import { followEvents } from './feed.ts';
import { connection, loadFaults, lookSoon, overview, pageMs } from './store.ts';
import { t } from './text.ts';

const TICK_MS = 250;
/** Requests make no event: they are looked for as often as this while the page is seen. */
const LOOK_MS = 2000;

const Dashboard = () => (
  <>
    <a class="skip" href="#board">
      {t('skip')}
    </a>
    <header class="top">
      <div class="brand">
        <span class="mark" aria-hidden="true" />
        <h1>apig-mock</h1>
        <span class="soft">{overview.value?.version}</span>
      </div>
      <p class={`link ${connection.value}`} role="status">
        {t(connection.value)}
      </p>
      <span class="grow" />
      <nav class="tools" aria-label={t('tools')}>
        <a href="/__admin/docs">{t('docs')}</a>
        <LanguageAndTheme />
        <Button id="import" text="importFile" class="primary" onClick={() => openImport()} />
      </nav>
    </header>
    <Clock />
    <main>
      <section class="stage" aria-label={t('tasks')}>
        <Filters />
        <Workers />
        <BoardView />
        <Requests />
      </section>
      <aside aria-label={t('behaviour')}>
        <Faults />
        <Plan />
        <Groups />
        <Settings />
      </aside>
    </main>
    <TaskDialog />
    <ImportDialog />
    <LoginDialog />
    <DropZone />
    <Toast />
  </>
);

render(<Dashboard />, document.getElementById('page') as HTMLElement);
document.addEventListener('visibilitychange', lookSoon);
setInterval(() => {
  if (!document.hidden) pageMs.value = performance.now();
}, TICK_MS);
setInterval(() => {
  if (document.hidden || connection.value !== 'live') return;
  lookSoon();
  loadFaults().catch(() => {});
}, LOOK_MS);
void followEvents();
