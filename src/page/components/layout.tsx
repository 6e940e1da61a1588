/** Panels, tables and what they hold. */
import type { ComponentChildren, RenderableProps } from 'preact';
import { type Text, t } from '../text.ts';

/** What scrolls can be reached by keys. */
export const SCROLLS = { tabIndex: 0 };

type PanelId = 'requests' | 'faults' | 'plan' | 'groups' | 'settings';

/** A part of the page with its title, and what stands beside that. */
export const Panel = ({ id, head, children }: RenderableProps<{ id: PanelId; head?: ComponentChildren }>) => (
  <section id={id} class="panel" aria-labelledby={`${id}-title`}>
    <div class="head">
      <h2 id={`${id}-title`}>{t(id)}</h2>
      {head}
    </div>
    {children}
  </section>
);

export const StatusChip = ({ status }: { status: number }) => (
  <span class={`chip ${status >= 400 ? 'bad' : 'ok'}`}>{status}</span>
);

/** Terms and what they are. */
export const Facts = ({ facts }: { facts: readonly (readonly [term: string, text: string])[] }) => (
  <dl class="facts">
    {facts.map(([term, text]) => [<dt key={term}>{term}</dt>, <dd key={`${term} is`}>{text}</dd>])}
  </dl>
);

/** What a table holds in one place, and of which class it is. */
export type Cell = readonly [content: ComponentChildren, className?: string | undefined];

interface TableProps<R> {
  readonly label: string;
  readonly heads: readonly Text[];
  readonly rows: readonly R[];
  readonly keyOf?: (row: R) => string | number;
  readonly cells: (row: R) => readonly Cell[];
}

/** A table that scrolls, by keys too. Rows that come and go are identified by `keyOf`. */
export function Table<R>({ label, heads, rows, keyOf, cells }: TableProps<R>) {
  const head = (text: Text) => <th scope="col">{t(text)}</th>;
  const cell = ([content, className]: Cell) => <td class={className}>{content}</td>;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a section would need a heading
    <div class="scroll" {...SCROLLS} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>{heads.map(head)}</tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={keyOf?.(row) ?? at}>{cells(row).map(cell)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
