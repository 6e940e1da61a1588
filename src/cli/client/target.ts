/** Where a client command calls the API, and as whom: from what it was given. */
import { SettingError } from '../../core/errors.ts';
import type { Given } from '../command.ts';
import type { Environment } from '../options.ts';

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

/** With the access key of the environment, where the command line has none. */
export function withKey(
  { texts, flags }: Given,
  { HUAWEICLOUD_SDK_AK: ak, HUAWEICLOUD_SDK_SK: sk }: Environment,
): Pick<Given, 'texts' | 'flags'> {
  const isKey = ak && sk && texts['access-key'] === undefined;
  return { flags, texts: isKey ? { ...texts, 'access-key': `${ak}:${sk}` } : texts };
}

/** With the security token of the environment, where the access key is of it, too. */
export function withSecurityToken(target: Target, env: Environment): Target {
  const securityToken = env['HUAWEICLOUD_SDK_SECURITY_TOKEN'];
  const { credentials } = target;
  if (!securityToken || credentials.kind !== 'key' || credentials.accessKey !== env['HUAWEICLOUD_SDK_AK'])
    return target;
  return { ...target, credentials: { ...credentials, securityToken } };
}

/** Keys of a real account go nowhere unless the other side is proved to be whom it was meant to be. */
export function checkTls(endpoint: string, env: Environment): void {
  if (endpoint.startsWith('https:') && env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0')
    throw new SettingError('NODE_TLS_REJECT_UNAUTHORIZED=0 turns the check of certificates off: unset it');
}
