/** Where a client command calls the API, and as whom: from what it was given. */
import { SettingError } from '../../core/errors.ts';
import type { Given } from '../command.ts';

/** Who calls. */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  | {
      readonly kind: 'key';
      readonly accessKey: string;
      readonly secret: string;
      /** Of a temporary access key. */
      readonly securityToken?: string;
    };

/** Where a client command calls, and as whom. */
export interface Target {
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly projectId: string;
  readonly instanceId: string;
  readonly credentials: Credentials;
  /** How long a task may take, in ms. */
  readonly timeoutMs: number;
}

/** The target of a command that has the options of one. Throws `SettingError` for token and access key at once. */
export function targetOf({ texts, flags }: Pick<Given, 'texts' | 'flags'>): Target {
  const { url = '', project = '', instance = '', token = '', timeout = '0' } = texts;
  if (flags.has('token') && flags.has('access-key'))
    throw new SettingError('--token and --access-key: one of them is enough');
  // Of a key from elsewhere and a token that was given, the token is meant.
  const pair = flags.has('token') ? undefined : texts['access-key'];
  const [accessKey = '', ...secret] = pair?.split(':') ?? [];
  return {
    ...{ endpoint: url, projectId: project, instanceId: instance, timeoutMs: Number(timeout) * 1000 },
    credentials:
      pair === undefined ? { kind: 'token', token } : { kind: 'key', accessKey, secret: secret.join(':') },
  };
}
