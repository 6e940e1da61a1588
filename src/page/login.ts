/** Asks for the admin token, where the mock wants one. */
import { byId, el, field, put } from './dom.ts';
import { t } from './language.ts';

let asked = false;

/** Resolves with what was entered; the page can do nothing before. */
export function askAdminToken(): Promise<string> {
  const dialog = byId<HTMLDialogElement>('login');
  return new Promise((resolve) => {
    const input = el('input', {
      type: 'password',
      name: 'admin-token',
      required: true,
      autocomplete: 'current-password',
    });
    const submit = (event: Event): void => {
      event.preventDefault();
      dialog.close();
      resolve(input.value);
    };
    dialog.oncancel = (event) => event.preventDefault();
    put(
      dialog,
      el(
        'form',
        { on: { submit } },
        el('h2', { id: 'login-title' }, t('login')),
        asked && el('p', { class: 'callout' }, t('wrong')),
        field(t('adminToken'), input),
        el('button', { type: 'submit', class: 'primary' }, t('enter')),
      ),
    );
    asked = true;
    if (!dialog.open) dialog.showModal();
    input.focus();
  });
}
