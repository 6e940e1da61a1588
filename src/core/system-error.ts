/** What the system's error codes mean, in words, and what to do about them. */

type Fault = Error & {
  readonly code?: string | undefined;
  readonly syscall?: string | undefined;
  /** Of listening, and of looking a name up. */
  readonly address?: string | undefined;
  readonly hostname?: string | undefined;
};

/** How the caller names what it gave: `--port`, or `the option port`. */
export interface ListenNames {
  readonly host: string;
  readonly port: string;
}

/** The system's errors for an address that no machine, or not this one, has. */
const BAD_ADDRESSES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host could not be looked up',
  EADDRNOTAVAIL: 'no network interface of this machine has this address',
  EAFNOSUPPORT: 'this machine has no addresses of this kind',
  EINVAL: 'a link-local address needs its interface, such as fe80::1%eth0',
};
/** Whether a server could not listen because of the address it was given: a bad setting, and no accident. */
export const isBadAddress = ({ code = '', syscall }: Fault): boolean =>
  (syscall === 'listen' || syscall === 'getaddrinfo' || syscall === 'bind') &&
  Object.hasOwn(BAD_ADDRESSES, code);

/** Why a server could not listen, and what to do; undefined when it is something else. */
export function listenFault(fault: Fault, { host, port }: ListenNames): string | undefined {
  const { code = '', message } = fault;
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
    return `${message}: choose another address or port with ${host} and ${port}`;
  if (isBadAddress(fault))
    return `${host}: cannot listen at '${fault.address ?? fault.hostname}': ${BAD_ADDRESSES[code]} (${code})`;
  if (code === 'EADDRINUSE')
    return `${message}: something else listens there; stop it, or choose another with ${port} (0 = any free one)`;
  return undefined;
}

/** Why a mock could not be reached; `option` names the address. */
export function connectFault({ code = '', message }: Fault, option: string): string {
  if (code === 'ECONNREFUSED')
    return `nothing listens there: start a mock with 'apig-mock', or name another place with ${option}`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `no such host: check ${option}`;
  // The system's own message is several lines of OpenSSL.
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER' || /:SSL routines:/.test(message))
    return `it does not speak TLS: name it with http: in ${option}`;
  if (/CERT|SELF_SIGNED|UNABLE_TO_/.test(code))
    return `its certificate is not trusted (${code}): trust its CA with NODE_EXTRA_CA_CERTS=ca.pem`;
  const [line] = message.split('\n', 1);
  return `${line || code}: check ${option}, or try again`;
}

/** Why a file or folder could not be used; `what` is what it was to be. */
export function fileFault(cause: Fault, what: 'file' | 'folder' = 'file'): string {
  switch (cause.code) {
    case 'ENOENT':
      return `there is no such ${what}`;
    case 'ENOTDIR':
      return what === 'folder' ? 'it is not a directory' : 'a part of its path is not a directory';
    case 'EISDIR':
      return 'it is a folder';
    case 'EACCES':
    case 'EPERM':
      return `this user may not (${cause.code})`;
    case 'EMFILE':
    case 'ENFILE':
      return `too many open files (${cause.code}): raise the limit with ulimit -n`;
    default:
      return cause.code ?? cause.message;
  }
}

/** Why a file could not be written: where it was to go may not be there. */
export const writeFault = (cause: Fault): string =>
  cause.code === 'ENOENT' ? 'its folder does not exist' : fileFault(cause);
