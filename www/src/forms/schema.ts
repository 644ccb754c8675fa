/**
 * The forms of an experiment's parts, made from its JSON Schema: the options of every layer, optimizer and so on, with their
 * kinds, defaults, ranges and help. The schema is made from the engine's types, so a new layer needs no change here.
 */
import experimentSchema from '../../experiment.schema.json';
import type { Field, Options, Range } from './fields';

/** What the experiment's schema uses of JSON Schema, draft 07. */
export interface Schema extends Omit<Range, 'whole'> {
  $ref?: string;
  type?: string | readonly string[];
  const?: unknown;
  enum?: readonly unknown[];
  default?: unknown;
  description?: string;
  examples?: readonly Options[];
  properties?: Record<string, Schema>;
  required?: readonly string[];
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  allOf?: readonly Schema[];
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  definitions?: Record<string, Schema>;
}

/** The options of one layer, one optimizer and so on. */
export interface Form {
  fields: readonly Field[];
  /** The options that a new one starts with: the schema's first example. */
  start: Options;
  help: string;
}

/** Forms by `type`. */
export type Family = Readonly<Record<string, Form>>;

export interface ExperimentForms {
  layers: Family;
  /** The options that every layer has. */
  common: readonly Field[];
  optimizer: Family;
  learning_rate_schedule: Family;
  augmentation: Family;
  early_stopping: Form;
  model_checkpoint: Form;
  dataset: Form;
  /** The experiment's own numbers. */
  numbers: readonly Field[];
}

export function experimentForms(schema: Schema): ExperimentForms {
  const { properties: parts = {}, ...root } = resolved(schema, schema.definitions ?? {});
  const layers = familyOf(parts.layers?.items);
  const [first, ...others] = Object.values(layers).map(({ fields }) => fields);
  const common = (first ?? []).filter(({ name }) =>
    others.every((fields) => fields.some((field) => field.name === name)),
  );
  return {
    layers: without(layers, common),
    common,
    optimizer: familyOf(parts.optimizer),
    learning_rate_schedule: familyOf(parts.learning_rate_schedule),
    augmentation: familyOf(parts.augmentation?.items),
    early_stopping: formOf(parts.early_stopping),
    model_checkpoint: formOf(parts.model_checkpoint),
    dataset: formOf(parts.dataset),
    numbers: fieldsOf({ ...root, properties: parts }).filter(({ kind }) => kind === 'number'),
  };
}

/** A schema with its references replaced, and without the alternative `null`: a form leaves the option out instead. */
function resolved(schema: Schema, definitions: Readonly<Record<string, Schema>>): Schema {
  const inside = (one: Schema) => resolved(one, definitions);
  const { $ref, allOf, anyOf, oneOf, items, properties, definitions: _, ...own } = schema;
  const alternatives = anyOf?.filter(({ type }) => type !== 'null').map(inside);
  const base = $ref ? definitions[$ref.replace('#/definitions/', '')] : allOf?.[0];
  return {
    ...(base && inside(base)),
    ...(alternatives?.length === 1 ? alternatives[0] : alternatives && { anyOf: alternatives }),
    ...(oneOf && { oneOf: oneOf.map(inside) }),
    ...(items && { items: inside(items) }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, inside(one)])),
    }),
    // The description and the default beside a reference are those of this use of it.
    ...own,
    ...(Array.isArray(own.type) && { type: own.type.find((type) => type !== 'null') }),
  };
}

const familyOf = (schema: Schema = {}): Family =>
  Object.fromEntries((schema.oneOf ?? []).map((one) => [String(one.properties?.type?.const), formOf(one)]));

function formOf(schema: Schema = {}): Form {
  const { type: _, ...start } = schema.examples?.[0] ?? {};
  return { fields: fieldsOf(schema), start, help: plain(schema.description) };
}

function without(family: Family, fields: readonly Field[]): Family {
  const names = fields.map(({ name }) => name);
  const others = ({ fields }: Form) => fields.filter(({ name }) => !names.includes(name));
  return Object.fromEntries(Object.entries(family).map(([type, form]) => [type, { ...form, fields: others(form) }]));
}

function fieldsOf({ properties = {}, required = [] }: Schema): Field[] {
  return Object.entries(properties)
    .filter(([_, schema]) => !isFixed(schema))
    .map(([name, schema]) => ({
      name,
      ...kindOf(schema),
      help: plain(schema.description),
      ...(!required.includes(name) && { fallback: fallbackOf(schema) }),
    }));
}

/** Whether an option has one possible value, such as a layer's `type`: a form does not ask for it. */
const isFixed = (schema: Schema): boolean =>
  schema.const !== undefined || (schema.minimum !== undefined && schema.minimum === schema.maximum);

function kindOf(schema: Schema): Pick<Field, 'kind' | 'values' | 'range' | 'parts'> {
  const { type, properties, items, anyOf: [first = {}, second = {}, ...more] = [] } = schema;
  const values = valuesOf(schema);
  if (values) return { kind: 'choice', values };
  if (isNumber(schema)) return { kind: 'number', range: rangeOf(schema) };
  if (type === 'boolean') return { kind: 'boolean' };
  if (type === 'string') return { kind: 'text' };
  if (type === 'array' && items?.type === 'string') return { kind: 'names' };
  if (properties) return { kind: 'object', parts: fieldsOf(schema) };
  if (more.length > 0) return { kind: 'json' };
  if (isNumber(first) && second.maxItems === 2) return { kind: 'pair', range: rangeOf(first) };
  // A choice that also has a long form: an object whose `type` is the choice.
  const names = valuesOf(first);
  const long = valuesOf(second.properties?.type ?? {});
  if (names && String(names) === String(long)) return { kind: 'choice', values: names };
  return { kind: 'json' };
}

/** The values of a choice between strings. */
function valuesOf(schema: Schema): readonly string[] | null {
  const values: readonly unknown[] = schema.enum ?? schema.oneOf?.map((one) => one.const) ?? [];
  return values.length > 0 && values.every((value) => typeof value === 'string') ? values : null;
}

const isNumber = ({ type }: Schema): boolean => type === 'number' || type === 'integer';

function rangeOf({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): Range {
  return {
    whole: type === 'integer',
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    ...(exclusiveMinimum !== undefined && { exclusiveMinimum }),
    ...(exclusiveMaximum !== undefined && { exclusiveMaximum }),
  };
}

/** The default as a form shows it; null if the option may be left out and has none. */
function fallbackOf({ default: value = null, anyOf = [] }: Schema): unknown {
  return anyOf.some(isNumber) ? short(value) : value;
}

/** A list of equal numbers as that number, which the same option accepts: `[[1, 1], [1, 1]]` as 1. */
function short(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const [first, ...others] = value.map(short);
  return typeof first === 'number' && others.every((other) => other === first) ? first : value;
}

/** A description in Markdown as plain text. */
const plain = (markdown = ''): string => markdown.replaceAll('`', '');

export const EXPERIMENT = experimentForms(experimentSchema as Schema);
