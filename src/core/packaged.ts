/** Finds the files of the package that are no modules: pages, and what a worker thread runs. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/**
 * A file of `dist/`, seen from the module at `moduleUrl`; undefined when it is not there. A bundle of somebody's
 * program stands elsewhere, so the installed package is asked first. From the sources, only what is built beside
 * them counts.
 */
export function findPackaged(name: string, moduleUrl: string): URL | undefined {
  const near = [`./${name}`, `../${name}`].map((path) => new URL(path, moduleUrl));
  return [...inPackage(name, moduleUrl), ...near].find((url) => existsSync(url));
}

function inPackage(name: string, moduleUrl: string): URL[] {
  if (moduleUrl.endsWith('.ts')) return [];
  try {
    const main = createRequire(moduleUrl).resolve('apig-mock');
    return [new URL(name, pathToFileURL(main))];
  } catch {
    return [];
  }
}
