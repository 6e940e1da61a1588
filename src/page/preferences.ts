/** What a person chose: language and theme, and as whom the forms call; remembered by the browser. */
import { computed, effect, type Signal, signal } from '@preact/signals';

/** A text that the browser stores; '' = not set. Some browsers let a page store nothing: then it lasts as long as the page. */
export function stored(key: string, storage: () => Storage): Signal<string> {
  const value = signal('');
  try {
    value.value = storage().getItem(key) ?? '';
    effect(() => storage().setItem(key, value.value));
  } catch {
    // Nothing is stored.
  }
  return value;
}

const chosenLanguage = stored('apig-mock.language', () => localStorage);
export const language = computed(() =>
  (chosenLanguage.value || navigator.language).toLowerCase().startsWith('zh') ? 'zh' : 'en',
);
export const toggleLanguage = (): void => {
  chosenLanguage.value = language.value === 'zh' ? 'en' : 'zh';
};

const darkQuery = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(darkQuery.matches);
darkQuery.addEventListener('change', ({ matches }) => {
  systemIsDark.value = matches;
});
/** The chosen theme, else the system's. */
const chosenTheme = stored('apig-mock.theme', () => localStorage);
const theme = computed(() => chosenTheme.value || (systemIsDark.value ? 'dark' : 'light'));
export const otherTheme = computed(() => (theme.value === 'dark' ? 'light' : 'dark'));
export const toggleTheme = (): void => {
  chosenTheme.value = otherTheme.value;
};

effect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
  document.documentElement.dataset['theme'] = theme.value;
});

/** As whom, and where, the forms and the copied commands call the emulated API. */
const DEFAULT_CALLER = { token: 'dev-token', project: 'p1', instance: 'i1' };
const storedCaller = stored('apig-mock.import', () => sessionStorage);
export const getCaller = (): typeof DEFAULT_CALLER =>
  storedCaller.value === '' ? DEFAULT_CALLER : JSON.parse(storedCaller.value);
export const setCaller = (caller: typeof DEFAULT_CALLER): void => {
  storedCaller.value = JSON.stringify(caller);
};
