/**
 * What must not be in a recording: the secrets, names and ids of an account, gathered from what goes through the proxy,
 * and what stands in their place. Ids become ids of the same form, the same one everywhere.
 */
import { type Redact, redactor, type Secret } from '../conformance/redact.ts';
import { idFromName } from '../core/ids.ts';

/** Members whose value is nobody's business, `x-` and upper case aside. */
const SECRET_NAME =
  /(?:^|[-_. ])(?:pass(?:word|wd|phrase|code)?|pwd|secrets?|secret[-_]?(?:key|access[-_]?key)|tokens?|sk|api[-_]?key|access[-_]?key|private[-_]?key|app[-_]?(?:code|key|secret)|credentials?|authorization|cookie|signature)$/i;
/** Members that name somebody. */
const PERSON_NAME = /^(?:domain|account|user|owner|creator)[-_]?names?$/i;
const ID_NAME = /^(?:domain|account|user|project|tenant|instance)[-_]?id$/i;
/** Objects of IAM whose `name` and `id` are those of the account. */
const PERSON = /^(?:domains?|users?)$/i;
/** Where a definition has the value of what it names. */
const VALUES = ['value', 'default', 'example', 'x-example', 'sample_value', 'const', 'enum', 'content'];
/** Words of OpenAPI and of the service which no secret is. */
const WORDS = new Set(
  'string number integer boolean array object file null true false none header query path body formdata form constant request system frontend http https basic bearer apikey password token iam app none authorizer oauth2 openidconnect appsigv1 appcode authorization disable enable'.split(
    ' ',
  ),
);
/** `password=…`, `"token": "…"` and the like within a text. */
const IN_TEXT =
  /(?:pass(?:word|wd|phrase)|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|app[-_]?code)["'\\]*\s*[=:]\s*["'\\]*([^\s"'\\&,;<>{}()]{4,})/gi;
/** In running text, what has nothing but letters is a word. */
const NO_WORD = /[^\p{L}.:-]/u;
const BEARER = /\b(?:bearer|basic)\s+([\w.~+/-]{8,}=*)/gi;
const USER_INFO = /:\/\/([^/\s:@"']+):([^/\s@"']+)@/g;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]+-----END [A-Z ]*PRIVATE KEY-----/g;
const HEX_ID = /(?<![0-9A-Fa-f])(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9A-Fa-f])/g;
/** A shorter text could be a part of anything. */
const MIN_SECRET = 3;
const MAX_DEPTH = 100;

/** Camel case with dashes: `adminPassword` is `admin-Password`. */
const spaced = (name: string): string => name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2');
const isSecretName = (name: string): boolean => SECRET_NAME.test(spaced(name));

export class Secrets {
  /** By text: what stands in its place. */
  readonly #secrets = new Map<string, Secret>();
  readonly #pseudonyms = new Map<string, string>();
  readonly #isPseudonym = new Set<string>();
  #redact: Redact | undefined;

  /** A text that is replaced by its name in angle brackets wherever it stands. */
  add(text: string | undefined, name: string): void {
    if (text === undefined || text.length < MIN_SECRET || WORDS.has(text.toLowerCase())) return;
    this.#put({ text, name });
  }

  /** An id that is replaced by another. */
  addId(id: string | undefined): void {
    if (id === undefined || id === '' || this.#isPseudonym.has(id)) return;
    this.#put({ text: id, name: 'id', instead: this.#pseudonymOf(id) });
  }

  #put(secret: Secret): void {
    if (this.#secrets.has(secret.text)) return;
    this.#secrets.set(secret.text, secret);
    this.#redact = undefined;
  }

  /** Looks for secrets in a value: a body, a document. `isIam`: names of users and accounts too. */
  learn(value: unknown, isIam = false): void {
    this.#walk(value, { isIam, depth: 0 });
  }

  /** Looks for secrets in a text whose form is not known. */
  learnText(text: string): void {
    for (const [, secret = ''] of text.matchAll(IN_TEXT))
      if (NO_WORD.test(secret)) this.add(secret, 'secret');
    for (const [, secret] of text.matchAll(BEARER)) this.add(secret, 'token');
    for (const [, user, password] of text.matchAll(USER_INFO)) {
      this.add(user, 'user');
      this.add(password, 'password');
    }
    for (const [key] of text.matchAll(PRIVATE_KEY)) this.add(key, 'private key');
  }

  /** A text without any of them, and with other ids. */
  redact(text: string): string {
    this.#redact ??= redactor([...this.#secrets.values()]);
    return this.#redact(text).replaceAll(HEX_ID, (id) =>
      this.#isPseudonym.has(id) ? id : this.#pseudonymOf(id),
    );
  }

  /** They follow from the order in which ids were seen, and do not show what they stand for. */
  #pseudonymOf(id: string): string {
    const known = this.#pseudonyms.get(id);
    if (known !== undefined) return known;
    const hex = idFromName('an id of a recording', String(this.#pseudonyms.size + 1));
    const pseudonym = id.length === 36 ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') : hex;
    this.#pseudonyms.set(id, pseudonym);
    this.#isPseudonym.add(pseudonym);
    return pseudonym;
  }

  #walk(value: unknown, at: { readonly isIam: boolean; readonly depth: number }): void {
    if (typeof value === 'string') this.learnText(value);
    if (typeof value !== 'object' || value === null || at.depth > MAX_DEPTH) return;
    const below = { ...at, depth: at.depth + 1 };
    if (Array.isArray(value)) {
      for (const item of value) this.#walk(item, below);
      return;
    }
    const members = value as Readonly<Record<string, unknown>>;
    for (const [name, member] of Object.entries(members)) {
      this.#member(name, member, at.isIam);
      this.#walk(member, below);
    }
    const named = members['name'] ?? members['key'];
    // The value of a parameter that comes with a request is the name of another.
    const isName = /^(?:request|system)$/i.test(String(members['origin']));
    if (typeof named === 'string' && isSecretName(named) && !isName) this.#valuesOf(members);
  }

  #member(name: string, member: unknown, isIam: boolean): void {
    if (isSecretName(name)) {
      if (typeof member === 'string') this.add(member, name.toLowerCase());
      else this.#valuesOf(member);
    }
    if (PERSON_NAME.test(name) && typeof member === 'string') this.add(member, 'account');
    if (ID_NAME.test(name) && typeof member === 'string') this.addId(member);
    if (!isIam || !PERSON.test(name)) return;
    for (const one of Array.isArray(member) ? member : [member]) {
      const { name: called, id } = (one ?? {}) as { readonly name?: unknown; readonly id?: unknown };
      if (typeof called === 'string') this.add(called, 'account');
      if (typeof id === 'string') this.addId(id);
    }
  }

  /** The values in the definition of something whose name is that of a secret. */
  #valuesOf(definition: unknown): void {
    if (typeof definition !== 'object' || definition === null) return;
    const members = definition as Readonly<Record<string, unknown>>;
    for (const name of VALUES) {
      const value = members[name];
      for (const one of Array.isArray(value) ? value : [value])
        if (typeof one === 'string') this.add(one, 'secret');
    }
    this.#valuesOf(members['schema']);
  }
}
