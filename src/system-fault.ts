/** What the system's error codes mean, in words, and what to do about them. */

type Fault = Error & { readonly code?: string | undefined };

/** How the caller names what it gave: `--port`, or `the option port`. */
export interface ListenNames {
  readonly host: string;
  readonly port: string;
}

/** Why a server could not listen, and what to do; undefined when it is something else. */
export function listenFault({ code, message }: Fault, { host, port }: ListenNames): string | undefined {
  if (code === 'EADDRINUSE')
    return `${message}: something else listens there; stop it, or choose another with ${port} (0 = any free one)`;
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
    return `${message}: choose another address or port with ${host} and ${port}`;
  return undefined;
}

/** Why a mock could not be reached; `option` names the address. */
export function connectFault({ code = '', message }: Fault, option: string): string {
  if (code === 'ECONNREFUSED')
    return `nothing listens there: start a mock with 'apig-mock', or name another place with ${option}`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `no such host: check ${option}`;
  return `${message || code}: check ${option}, or try again`;
}

/** Why a file or folder could not be used; `what` is what it was to be. */
export function fileFault(cause: Fault, what: 'file' | 'folder' = 'file'): string {
  switch (cause.code) {
    case 'ENOENT':
      return `there is no such ${what}`;
    case 'ENOTDIR':
      return what === 'folder' ? 'it is no folder' : 'a part of its path is no folder';
    case 'EISDIR':
      return 'it is a folder';
    case 'EACCES':
    case 'EPERM':
      return `this user may not (${cause.code})`;
    default:
      return cause.code ?? cause.message;
  }
}

/** Why a file could not be written: where it was to go may not be there. */
export const writeFault = (cause: Fault): string =>
  cause.code === 'ENOENT' ? 'its folder does not exist' : fileFault(cause);
