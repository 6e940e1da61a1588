/** What the forms remember while the page is open: the token of the emulated API, and where one last imported. */

const KEY = 'apig-mock.import';
interface Kept {
  token: string;
  project: string;
  instance: string;
}
const kept: Kept = { token: 'dev-token', project: 'p1', instance: 'i1', ...stored() };

function stored(): Partial<Kept> {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<Kept>;
  } catch {
    return {};
  }
}

export const token = (): string => kept.token;
export const lastPlace = (): Kept => kept;

export function keep(changes: Partial<Kept>): void {
  Object.assign(kept, changes);
  sessionStorage.setItem(KEY, JSON.stringify(kept));
}
