/** What the system's error codes mean, in words, and what to do about them. */

type Fault = Error & { readonly code?: string | undefined };

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
