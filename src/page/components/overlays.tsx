/**
 * What lies above the page. Dialogs are open for as long as they are drawn, and closed by Escape or by their button; the
 * toast shows the notice, and what can be done about it.
 */
import { signal } from '@preact/signals';
import type { RenderableProps } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { tokenRequest } from '../api.ts';
import { dismiss, notice } from '../notice.ts';
import { t } from '../text.ts';
import { Button, Form, Input, Submit } from './controls.tsx';

type DialogProps = RenderableProps<{ id: string; kind: 'sheet'; onClose?: () => void }>;

/** Without `onClose`, which is called once it is closed, it stays until it is no longer drawn. */
export function Dialog({ id, kind, children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      id={id}
      class={kind}
      aria-labelledby={`${id}-title`}
      ref={dialog}
      onClose={onClose}
      onCancel={onClose ? undefined : (event) => event.preventDefault()}
    >
      {children}
    </dialog>
  );
}

const close = ({ currentTarget }: { currentTarget: Element }) => currentTarget.closest('dialog')?.close();

type HeadProps = RenderableProps<{ id: string; title: string; about?: string }>;

/** The head of a dialog: its title, what stands beside it, and the way out. */
export const DialogHead = ({ id, title, about, children }: HeadProps) => (
  <div class="dialog-head">
    <div>
      <h2 id={`${id}-title`}>{title}</h2>
      {about && <p class="soft">{about}</p>}
    </div>
    {children}
    <button type="button" class="small close" onClick={close}>
      {t('close')}
    </button>
  </div>
);

interface Question {
  readonly title: string;
  readonly about: string;
  readonly run: () => Promise<void>;
}
const question = signal<Question | undefined>(undefined);
/** Asks before something is deleted. */
export const ask = (what: Question): void => {
  question.value = what;
};

export function AskDialog() {
  if (question.value === undefined) return null;
  const { title, about, run } = question.value;
  const done = () => {
    question.value = undefined;
  };
  const go = () => {
    done();
    void run();
  };
  return (
    <Dialog id="ask" kind="sheet" onClose={done}>
      <Form onSubmit={go}>
        <DialogHead id="ask" title={title} {...(about === '' ? {} : { about })} />
        <div class="row">
          <Submit text="delete" class="danger" />
        </div>
      </Form>
    </Dialog>
  );
}

const PASSWORD = { type: 'password', required: true, autocomplete: 'current-password' } as const;

/** Requests the admin token where the mock requires one; the page can do nothing before. */
export function LoginDialog() {
  const request = tokenRequest.value;
  if (request === undefined) return null;
  return (
    <Dialog id="login" kind="sheet">
      <Form onSubmit={(values) => request.resolve(values('admin-token'))}>
        <h2 id="login-title">{t('login')}</h2>
        {request.isRetry && <p class="callout">{t('tokenRejected')}</p>}
        <Input label="adminToken" name="admin-token" {...PASSWORD} />
        <Submit text="signIn" />
      </Form>
    </Dialog>
  );
}

/** Shows the notice above whatever is open, read out to those who hear it. */
export function Toast() {
  const line = useRef<HTMLDivElement>(null);
  const shown = notice.value;
  useLayoutEffect(() => {
    line.current?.hidePopover();
    // What is shown last is on top, of a dialog too.
    if (shown !== undefined) line.current?.showPopover();
  }, [shown]);
  return (
    <div id="toast" class="toast" popover="manual" role="status" aria-live="polite" ref={line}>
      {shown?.text}
      {shown?.action && (
        <Button
          text={shown.action.text}
          class="small"
          onClick={() => {
            shown.action?.run();
            dismiss();
          }}
        />
      )}
    </div>
  );
}
