/** Calls as commands for a shell, and the clipboard. */
import { authorization } from './api.ts';
import { button } from './dom.ts';
import { t } from './language.ts';
import { say } from './say.ts';

/** A text as one word of a POSIX shell. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** A command line of curl; `form` parts are sent as multipart. */
export interface Curl {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
}

export function curlOf({ method = 'GET', path, headers = {}, json, form }: Curl): string {
  const all =
    json === undefined && method !== 'DELETE' ? headers : { ...headers, 'content-type': 'application/json' };
  const parts = [
    'curl',
    ...(method === 'GET' || (method === 'POST' && (json !== undefined || form !== undefined))
      ? []
      : ['-X', method]),
    ...Object.entries(all).flatMap(([name, value]) => ['-H', shellWord(`${name}: ${value}`)]),
    ...(json === undefined ? [] : ['-d', shellWord(JSON.stringify(json))]),
    ...Object.entries(form ?? {}).flatMap(([name, value]) => ['-F', shellWord(`${name}=${value}`)]),
    shellWord(`${location.origin}${path}`),
  ];
  return parts.join(' ');
}

/** A control call as curl; the admin token stands for itself. */
export const adminCurl = (method: string, path: string, json?: unknown): string =>
  curlOf({
    method,
    path,
    ...(json === undefined ? {} : { json }),
    headers: 'authorization' in authorization() ? { authorization: 'Bearer <admin-token>' } : {},
  });

/** Puts a text on the clipboard; where that is not allowed, the oldest way there is. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(t('copied'));
  } catch {
    say(t('copyFailed'));
  }
}

export const copyButton = (text: () => string, label = t('curl')): HTMLButtonElement =>
  button(label, () => void copy(text()), {
    class: 'small',
    ...(label === 'curl' ? { 'aria-label': t('curl') } : {}),
  });
