/** What a fault is: which requests it matches, how often, and what it does, as one schema with its types. */
import { type Static, Type } from '@sinclair/typebox';
import { idSchema, scopeMembers } from '../../tasks/task-record.ts';
import { OperationSchema } from '../operation-names.ts';
import { MAX_DELAY_MS } from './registry.ts';

const closed = { additionalProperties: false } as const;
const delayMs = Type.Integer({
  minimum: 0,
  maximum: MAX_DELAY_MS,
  description: `a whole number of ms from 0 to ${MAX_DELAY_MS}`,
});
const count = (least: number) =>
  Type.Optional(
    Type.Integer({ minimum: least, maximum: 1_000_000_000, description: `a whole number from ${least}` }),
  );
/** A day. */
const MAX_RETRY_AFTER_S = 24 * 60 * 60;
const HEADER_NAME = '^[A-Za-z0-9-]{1,100}$';

/** Delays drawn anew for each call; ms. */
export const DistributionSchema = Type.Union(
  [
    Type.Object({ type: Type.Literal('uniform'), min: delayMs, max: delayMs }, closed),
    Type.Object(
      {
        type: Type.Literal('lognormal'),
        median: delayMs,
        sigma: Type.Number({ minimum: 0, maximum: 5, description: 'a number from 0 to 5' }),
      },
      closed,
    ),
  ],
  { description: '{"type":"uniform","min","max"} or {"type":"lognormal","median","sigma"}' },
);
export type Distribution = Static<typeof DistributionSchema>;

export const FaultActionSchema = Type.Union(
  [
    Type.Object(
      {
        type: Type.Literal('error'),
        status: Type.Optional(
          Type.Integer({ minimum: 200, maximum: 599, description: 'an HTTP status from 200 to 599' }),
        ),
        error_code: Type.Optional(
          Type.String({ minLength: 1, maxLength: 64, description: 'an error code, a text' }),
        ),
        error_msg: Type.Optional(Type.String({ maxLength: 10_000, description: 'an error message, a text' })),
        retry_after_s: Type.Optional(
          Type.Integer({
            minimum: 0,
            maximum: MAX_RETRY_AFTER_S,
            description: `a whole number of seconds from 0 to ${MAX_RETRY_AFTER_S}`,
          }),
        ),
        headers: Type.Optional(
          Type.Record(
            Type.String({ pattern: HEADER_NAME }),
            Type.String({ pattern: '^[\\x20-\\x7e]*$', maxLength: 1000 }),
            {
              // Without this, names of another form would be let through with any value.
              additionalProperties: false,
              description: 'an object of header names (letters, digits and -) and their texts',
            },
          ),
        ),
        /** Sent as it is, in place of the provider's error body. */
        body: Type.Optional(Type.String({ maxLength: 1_000_000, description: 'a text' })),
      },
      closed,
    ),
    Type.Object(
      {
        type: Type.Literal('delay'),
        ms: Type.Optional(delayMs),
        distribution: Type.Optional(DistributionSchema),
      },
      closed,
    ),
    Type.Object({ type: Type.Literal('reset') }, closed),
    Type.Object({ type: Type.Literal('empty') }, closed),
    Type.Object({ type: Type.Literal('truncate') }, closed),
    Type.Object({ type: Type.Literal('malformed') }, closed),
    Type.Object({ type: Type.Literal('dribble'), ms: delayMs }, closed),
  ],
  {
    description:
      'an action: {"type":"error" | "delay" | "reset" | "empty" | "truncate" | "malformed" | "dribble", …}',
  },
);
export type FaultAction = Static<typeof FaultActionSchema>;
export type ErrorAction = Extract<FaultAction, { type: 'error' }>;

/** What `POST /__admin/faults` takes. */
export const FaultSchema = Type.Object(
  {
    operation: Type.Optional(OperationSchema),
    method: Type.Optional(
      Type.String({ pattern: '^[A-Z]{1,10}$', description: 'an HTTP method such as GET' }),
    ),
    ...scopeMembers,
    task_id: Type.Optional(idSchema('a task id')),
    after: count(0),
    times: count(1),
    probability: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'a number from 0 to 1' })),
    phase: Type.Optional(
      Type.Unsafe<'before' | 'checked' | 'after'>(
        Type.String({ pattern: '^(before|checked|after)$', description: '"before", "checked" or "after"' }),
      ),
    ),
    action: FaultActionSchema,
  },
  closed,
);
export type FaultRequest = Static<typeof FaultSchema>;
