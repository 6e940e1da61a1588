/**
 * The JSON text of an export, byte for byte as example 2 of the page of ShowAsyncTaskResult has it: indented
 * by tabs, the gateway responses put behind the rest after a line break.
 */
import type { JsonObject } from './json.ts';
import { writeJson } from './spelled.ts';

/** Writes a document of Swagger 2.0 and its gateway responses, or one of OpenAPI 3.0, which has them inside. */
export function layOutJson(document: JsonObject, responses?: JsonObject): string {
  const text = writeJson(document, '\t');
  if (responses === undefined) return text;
  const tail = writeJson(responses, '\t').replaceAll('\n', '\n\t');
  return `${text.slice(0, -2)}\n,\n\t"x-apigateway-responses": ${tail}\n}`;
}
