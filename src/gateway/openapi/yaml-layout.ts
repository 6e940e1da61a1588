/**
 * The YAML text of an export, written by js-yaml as the service's own are (docs/differences-import-export.md):
 * block style, two spaces, a text plain or in single quotes, long ones folded (`>-`). What a reader of YAML 1.1 or 1.2
 * could take for anything but a text is quoted.
 */
import {
  DEFAULT_SCALAR_STYLE_RULES,
  type Document,
  DUMP_SCHEMA,
  defineScalarTag,
  dump,
  floatCoreTag,
  floatYaml11Tag,
  NOT_RESOLVED,
  SCALAR_STYLE,
  type ScalarLayout,
  type ScalarNode,
  strTag,
  visit,
} from 'js-yaml';
import type { JsonObject } from './json.ts';
import { isSpelled, numberText, type Spelled, spellingOf } from './spelled.ts';

/** What some reader takes for a number or a date, although js-yaml does not: `E5`, `.`, `0x_`, `1e999`, `2026-6-1 1:2:3`. */
const VALUE_ELSEWHERE =
  /^[-+]?[\d_]*(?:\.[\d_]*)?(?:e[-+]?[\d_]+)?$|^[-+]?0[box][\da-f_]*$|^\d{4}-\d\d?-\d\d?(?:$|[t\s])/i;
/** A last line of spaces, which `yaml` leaves out of a block. */
const BLANK_END = /(?:^|\n) +\n*$/;

/** Numbers that are no small integers. YAML 1.1 wants a point in a mantissa and a sign in an exponent. */
const NUMBER = defineScalarTag<number | Spelled | string>(floatCoreTag.tagName, {
  implicit: true,
  resolve: (source, ...rest) => {
    if (VALUE_ELSEWHERE.test(source)) return source;
    const value = floatYaml11Tag.resolve(source, ...rest);
    return value === NOT_RESOLVED ? floatCoreTag.resolve(source, ...rest) : value;
  },
  identify: (value) => isSpelled(value) || floatCoreTag.identify(value),
  represent: (value: number | Spelled) =>
    (isSpelled(value) ? numberText(spellingOf(value)) : String(value))
      .replace(/^(-?\d+)e/i, '$1.0e')
      .replace(/e(?=\d)/i, 'e+'),
});
const SCHEMA = DUMP_SCHEMA.withTags(NUMBER);

/** In characters. js-yaml looks at a text with expressions that overflow V8's stack from some two millions on. */
const MAX_STYLED = 100_000;
const LINE_WIDTH = 80;
const MIN_WIDTH = 40;

/** Writes a document and its gateway responses, as the JSON layout does. */
export function layOutYaml(document: JsonObject, responses?: JsonObject): string {
  const hidden = new Map<Readonly<ScalarNode>, () => void>();
  return dump(
    { ...document, ...(responses !== undefined && { 'x-apigateway-responses': responses }) },
    {
      schema: SCHEMA,
      noRefs: true,
      lineWidth: LINE_WIDTH,
      transform: (documents) => hideLongTexts(documents, hidden),
      scalarStyleRules: [
        ...Object.values(DEFAULT_SCALAR_STYLE_RULES),
        foldUnbreakable,
        (layout) => {
          const show = hidden.get(layout.node);
          show?.();
          if (layout.node.tag === NUMBER.tagName) layout.style = SCALAR_STYLE.PLAIN;
          else if (show !== undefined || BLANK_END.test(layout.node.value))
            layout.style = SCALAR_STYLE.DOUBLE_QUOTED;
        },
      ],
    },
  );
}

/** Takes long texts out of js-yaml's sight until their style is settled. */
function hideLongTexts(documents: Document[], hidden: Map<Readonly<ScalarNode>, () => void>): void {
  visit(documents, (node) => {
    if (node.kind !== 'scalar' || node.value.length <= MAX_STYLED) return;
    const { value } = node;
    hidden.set(node, () => {
      node.value = value;
    });
    node.value = '';
  });
}

/** Long texts are folded by the service also where there is no space to break them at, such as addresses. */
function foldUnbreakable(layout: ScalarLayout): void {
  const { node, isKey, style, shiftOfContent } = layout;
  const isInline = style === SCALAR_STYLE.PLAIN || style === SCALAR_STYLE.SINGLE_QUOTED;
  if (!isInline || isKey || node.tag !== strTag.tagName || node.value.startsWith(' ')) return;
  const mayFold = (layout.allowedStylesMask & (1 << SCALAR_STYLE.FOLDED_BLOCK)) !== 0;
  if (mayFold && node.value.length > Math.max(MIN_WIDTH, LINE_WIDTH - shiftOfContent))
    layout.style = SCALAR_STYLE.FOLDED_BLOCK;
}
