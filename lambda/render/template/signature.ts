import { ANY_DICT, ANY_LIST, STRING_DICT, STRING_LIST, dict, nilList } from './value.ts';
import type {
  GoDict,
  GoList,
  GoStruct,
  IntType,
  ParamType,
  Spend,
  TemplateFunction,
  Value,
} from './value.ts';

/** A parameter's type, and how an argument of it becomes what the function's body takes. */
export interface Param<T> extends ParamType {
  /** The argument, or undefined where it has another type. */
  readonly read: (value: Value) => T | undefined;
}

/** interface {}: takes everything, nil included. */
export const any = param<Value>('interface {}', 'any', (value) => value);

/** string: a binary string. */
export const string = param('string', 'string', (value) => (typeof value === 'string' ? value : undefined));

/** bool. */
export const bool = param('bool', 'bool', (value) => (typeof value === 'boolean' ? value : undefined));

/** int. */
export const int = intParam('int');

/** int64. */
export const int64 = intParam('int64');

/** uint32. */
export const uint32 = intParam('uint32');

/** float64. */
export const float64 = param('float64', 'float64', (value) =>
  typeof value === 'object' && value?.kind === 'float' ? value.value : undefined,
);

/** []interface {}; nil gives a nil slice. */
export const anyList = listParam(ANY_LIST);

/** []string; nil gives a nil slice. */
export const stringList = listParam(STRING_LIST);

/** map[string]interface {}; nil gives an empty map. */
export const anyDict = dictParam(ANY_DICT);

/** map[string]string; nil gives an empty map. */
export const stringDict = dictParam(STRING_DICT);

/** A struct type by its name in Go (`time.Time`), or a pointer to one. */
export function structParam(type: string): Param<GoStruct> {
  return param(type, 'none', (value) =>
    typeof value === 'object' && value?.kind === 'struct' && value.type === type ? value : undefined,
  );
}

/** A function without parameters. */
export function fn0(body: () => Value): TemplateFunction {
  return define([], undefined, body);
}

/** A function of one parameter: `fn1(string, (text) => text.trim())`. Bodies get `spend` last, for work that their arguments do not show. */
export function fn1<A>(a: Param<A>, body: (a: A, spend: Spend) => Value): TemplateFunction {
  return define([a], undefined, (args, spend) => body(read(a, args[0]), spend));
}

/** A function of two parameters. */
export function fn2<A, B>(
  a: Param<A>,
  b: Param<B>,
  body: (a: A, b: B, spend: Spend) => Value,
): TemplateFunction {
  return define([a, b], undefined, (args, spend) => body(read(a, args[0]), read(b, args[1]), spend));
}

/** A function of three parameters. */
export function fn3<A, B, C>(
  a: Param<A>,
  b: Param<B>,
  c: Param<C>,
  body: (a: A, b: B, c: C, spend: Spend) => Value,
): TemplateFunction {
  return define([a, b, c], undefined, (args, spend) =>
    body(read(a, args[0]), read(b, args[1]), read(c, args[2]), spend),
  );
}

/** A function of four parameters. */
export function fn4<A, B, C, D>(
  a: Param<A>,
  b: Param<B>,
  c: Param<C>,
  d: Param<D>,
  body: (a: A, b: B, c: C, d: D, spend: Spend) => Value,
): TemplateFunction {
  return define([a, b, c, d], undefined, (args, spend) =>
    body(read(a, args[0]), read(b, args[1]), read(c, args[2]), read(d, args[3]), spend),
  );
}

/** A function of five parameters. */
export function fn5<A, B, C, D, E>(
  a: Param<A>,
  b: Param<B>,
  c: Param<C>,
  d: Param<D>,
  e: Param<E>,
  body: (a: A, b: B, c: C, d: D, e: E, spend: Spend) => Value,
): TemplateFunction {
  return define([a, b, c, d, e], undefined, (args, spend) =>
    body(read(a, args[0]), read(b, args[1]), read(c, args[2]), read(d, args[3]), read(e, args[4]), spend),
  );
}

/** A variadic function: `fnRest(any, (values) => ...)`. */
export function fnRest<R>(rest: Param<R>, body: (rest: readonly R[]) => Value): TemplateFunction {
  return define([], rest, (args) => body(args.map((value) => read(rest, value))));
}

/** A variadic function with one parameter before. */
export function fn1Rest<A, R>(
  a: Param<A>,
  rest: Param<R>,
  body: (a: A, rest: readonly R[]) => Value,
): TemplateFunction {
  return define([a], rest, (args) =>
    body(
      read(a, args[0]),
      args.slice(1).map((value) => read(rest, value)),
    ),
  );
}

/** A variadic function with two parameters before. */
export function fn2Rest<A, B, R>(
  a: Param<A>,
  b: Param<B>,
  rest: Param<R>,
  body: (a: A, b: B, rest: readonly R[]) => Value,
): TemplateFunction {
  return define([a, b], rest, (args) =>
    body(
      read(a, args[0]),
      read(b, args[1]),
      args.slice(2).map((value) => read(rest, value)),
    ),
  );
}

/** The function, marked as one that walks into lists and dicts (toJson, deepCopy, merge): the engine bounds its arguments first. */
export function walking(fn: TemplateFunction): TemplateFunction {
  return { ...fn, walks: true };
}

/** A function that ESO has and that is not there on purpose: a template that calls it cannot be parsed, and the message says why. */
export function refused(reason: string): TemplateFunction {
  const fn = fnRest(any, () => {
    throw new Error('defect: a refused function was called');
  });
  return { ...fn, refused: reason };
}

function define(
  params: readonly ParamType[],
  rest: ParamType | undefined,
  call: TemplateFunction['call'],
): TemplateFunction {
  return { params, rest, walks: false, refused: undefined, call };
}

function read<T>(type: Param<T>, value: Value | undefined): T {
  const argument = type.read(value ?? null);
  if (argument === undefined) throw new Error(`defect: an argument was not checked against ${type.type}`);
  return argument;
}

function param<T>(
  type: string,
  constant: ParamType['constant'],
  readValue: (value: Value) => T | undefined,
): Param<T> {
  const nilable = readValue(null) !== undefined;
  return { type, constant, nilable, read: readValue, accepts: (value) => readValue(value) !== undefined };
}

function intParam(type: IntType): Param<bigint> {
  return param(type, type, (value) =>
    typeof value === 'object' && value?.kind === 'int' && value.type === type ? value.value : undefined,
  );
}

function listParam(type: string): Param<GoList> {
  return param(type, 'none', (value) => {
    if (value === null) return nilList(type);
    return typeof value === 'object' && value.kind === 'list' && value.type === type ? value : undefined;
  });
}

function dictParam(type: string): Param<GoDict> {
  return param(type, 'none', (value) => {
    if (value === null) return dict([], type);
    return typeof value === 'object' && value.kind === 'dict' && value.type === type ? value : undefined;
  });
}
