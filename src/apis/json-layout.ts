/**
 * The JSON text of an export, byte for byte as example 2 of the page of ShowAsyncTaskResult has it: indented
 * by tabs, the gateway responses put behind the rest after a line break.
 */
import type { JsonObject } from './json.ts';

/** Writes a document and its gateway responses. */
export function layOutJson(document: JsonObject, responses: JsonObject): string {
  const text = JSON.stringify(document, null, '\t');
  const tail = JSON.stringify(responses, null, '\t').replaceAll('\n', '\n\t');
  return `${text.slice(0, -2)}\n,\n\t"x-apigateway-responses": ${tail}\n}`;
}
