/**
 * The first half of an import, which needs no state: text to checked content. Large files are prepared in
 * another thread (`parse-pool.ts`), so everything that comes out can be cloned.
 */
import { ApigError, errors, type Failure } from '../../core/errors.ts';
import { parseDocument } from '../openapi/document.ts';
import { MAX_DEPTH, TooDeepError } from '../openapi/json.ts';
import { type DocumentContent, type ReadModes, readDocument } from '../openapi/read.ts';

/** A file as it was sent, and the modes that change how it is read. */
export interface PrepareInput extends ReadModes {
  readonly content: Uint8Array | string;
}

/** A checked document, or why it is rejected as a whole. */
export type PreparedImport =
  | { readonly ok: true; readonly content: DocumentContent }
  | { readonly ok: false; readonly failure: Failure };

/** Parses and checks a file. Never throws for a bad one; time is linear in its size. */
export function prepareImport(input: PrepareInput): PreparedImport {
  const tree = parseDocument(input.content);
  if (!tree.ok) return tree;
  try {
    const { mockMode, simpleMode } = input;
    return { ok: true, content: readDocument(tree.root, { mockMode, simpleMode }) };
  } catch (error) {
    if (error instanceof ApigError) return { ok: false, failure: error.failure };
    if (error instanceof TooDeepError)
      return {
        ok: false,
        failure: errors.syntaxError({ reason: `it nests deeper than ${MAX_DEPTH} levels` }).failure,
      };
    throw error;
  }
}
