/** The description of the API, to be read: an index, and each operation with its members and examples. */
import { signal, useSignal } from '@preact/signals';
import { Fragment, render } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { get } from './api.ts';
import { LanguageAndTheme } from './components/controls.tsx';
import { type Operation, OperationPanel, Verb } from './components/operation.tsx';
import { LoginDialog, Toast } from './components/overlays.tsx';
import { attempt } from './notice.ts';
import { t } from './text.ts';

interface Description {
  readonly info: { readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Omit<Operation, 'method' | 'path'>>>>>;
}

const description = signal<Description | undefined>(undefined);

/** The operations by tag. */
function sectionsOf({ tags, paths }: Description) {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({ ...one, method: method.toUpperCase(), path })),
  );
  return tags.map((tag) => ({ ...tag, operations: all.filter((one) => one.tags.includes(tag.name)) }));
}
type Section = ReturnType<typeof sectionsOf>[number];

/** Opens the operation that an address names. */
function open(id: string): void {
  const place = document.getElementById(id);
  if (place instanceof HTMLDetailsElement) place.open = true;
}
const openHash = (): void => open(location.hash.slice(1));

/** The operations by name; what is typed narrows them. */
function Index({ sections }: { sections: readonly Section[] }) {
  const wanted = useSignal('');
  const fits = ({ operationId, path, summary }: Operation): boolean =>
    `${operationId} ${path} ${summary}`.toLowerCase().includes(wanted.value);
  const narrow = ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
    wanted.value = currentTarget.value.toLowerCase();
  };
  const item = ({ method, operationId }: Operation) => (
    <li key={operationId}>
      <a href={`#${operationId}`} onClick={() => open(operationId)}>
        <Verb method={method} />
        {operationId}
      </a>
    </li>
  );
  return (
    <>
      <input type="search" aria-label={t('find')} placeholder={t('find')} onInput={narrow} />
      {sections.map(({ name, operations }) => (
        <div key={name}>
          <h3>{name}</h3>
          <ul>{operations.filter(fits).map(item)}</ul>
        </div>
      ))}
    </>
  );
}

/** A text with its words in backticks as code. */
const coded = (text: string) =>
  text.split('`').map((part, at) => (at % 2 === 0 ? part : <code key={part}>{part}</code>));
const panel = (operation: Operation) => <OperationPanel key={operation.operationId} operation={operation} />;

function Operations({ sections, intro }: { sections: readonly Section[]; intro: string }) {
  useLayoutEffect(() => {
    openHash();
    document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, []);
  return (
    <>
      <p class="intro">{coded(intro)}</p>
      {sections.map(({ name, description: about, operations }) => (
        <Fragment key={name}>
          <h2>{name}</h2>
          <p class="soft">{about}</p>
          {operations.map(panel)}
        </Fragment>
      ))}
    </>
  );
}

function Docs() {
  const { info } = description.value ?? {};
  const sections = description.value && sectionsOf(description.value);
  return (
    <>
      <a class="skip" href="#operations">
        {t('skipDocs')}
      </a>
      <header class="top">
        <h1>apig-mock</h1>
        <span class="soft">{info?.version}</span>
        <span class="grow" />
        <nav class="row" aria-label={t('tools')}>
          <a href="/__admin/">{t('dashboard')}</a>
          <a href="/__admin/openapi.json" download="openapi.json">
            openapi.json
          </a>
          <LanguageAndTheme />
        </nav>
      </header>
      <div class="frame">
        <nav id="index" aria-label={t('operations')}>
          {sections && <Index sections={sections} />}
        </nav>
        <main id="operations" tabIndex={-1}>
          {sections && info && <Operations sections={sections} intro={info.description} />}
        </main>
      </div>
      <LoginDialog />
      <Toast />
    </>
  );
}

render(<Docs />, document.getElementById('page') as HTMLElement);
addEventListener('hashchange', openHash);
void attempt(async () => {
  description.value = await get<Description>('/__admin/openapi.json');
});
