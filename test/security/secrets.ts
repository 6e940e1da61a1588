/** Secrets that cannot be mistaken for anything else, and the search for them, or for eight characters of one. */
import { createHash } from 'node:crypto';

const LETTERS = 'ghjkmnpqrstuvwxyzGHJKMNPQRSTUVWXYZ';

/** The same 40 letters for the same name; none is a hex digit, so no id looks like a piece of one. */
function makeSecret(name: string): string {
  const bytes = createHash('sha512').update(name).digest();
  return Array.from({ length: 40 }, (_, at) => LETTERS[(bytes[at] ?? 0) % LETTERS.length]).join('');
}

/** One per place where a client, or the person who starts the mock, may put a secret. */
export const SECRETS = {
  staticToken: makeSecret('static token'),
  strangeToken: makeSecret('token of another mock'),
  queryToken: makeSecret('token in a query'),
  secretKey: makeSecret('secret key'),
  strangeKey: makeSecret('secret key of another mock'),
  password: makeSecret('IAM password'),
  adminToken: makeSecret('admin token'),
  strangeAdmin: makeSecret('another admin token'),
  securityToken: makeSecret('security token'),
  bearer: makeSecret('bearer'),
  cookie: makeSecret('cookie'),
  tokenSecret: makeSecret('token secret'),
  body: makeSecret('body that is rejected'),
  file: makeSecret('file that is rejected'),
  backend: makeSecret('credentials of a back end in an imported document'),
} as const;

export type SecretName = keyof typeof SECRETS;

const PIECE = 8;

/** Each piece of a text. */
const piecesOf = (secret: string): string[] =>
  Array.from({ length: Math.max(1, secret.length - PIECE + 1) }, (_, at) => secret.slice(at, at + PIECE));

/** The known secrets of which a text holds eight characters or more, or the beginning in base64. */
export function secretsIn(text: string, but: readonly SecretName[] = []): string[] {
  return Object.entries(SECRETS).flatMap(([name, secret]) => {
    if (but.includes(name as SecretName)) return [];
    const encoded = Buffer.from(secret).toString('base64').slice(0, 16);
    const found = [encoded, ...piecesOf(secret)].find((piece) => text.includes(piece));
    return found === undefined ? [] : [`${name}: ${around(text, found)}`];
  });
}

/** Secrets that were made on the way, such as signatures and issued tokens: 16 characters of their ends. */
export function madeIn(text: string, made: Iterable<string>): string[] {
  return [...made].flatMap((secret) => {
    const found = [secret.slice(-16), secret.slice(-40, -24)].find(
      (piece) => piece !== '' && text.includes(piece),
    );
    return found === undefined ? [] : [`made on the way: ${around(text, found)}`];
  });
}

/** The place where it was found. */
function around(text: string, found: string): string {
  const at = text.indexOf(found);
  return text.slice(Math.max(0, at - 80), at + 60);
}
