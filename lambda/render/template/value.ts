/**
 * The values that templates work with, as Go's text/template sees them.
 *
 * | Go                                        | here                                                   |
 * |-------------------------------------------|--------------------------------------------------------|
 * | nil, an invalid reflect.Value             | `null`                                                 |
 * | bool                                      | JS boolean                                             |
 * | string                                    | JS *binary string*: each char is one byte (0 to 255)   |
 * | int, int64, uint64, int32, uint8, ...     | `GoInt`                                                |
 * | float64                                   | `GoFloat`                                              |
 * | []byte                                    | `GoBytes`                                              |
 * | []interface {}, []string, []int, [][]T    | `GoList`: its type tells what the items are            |
 * | map[string]interface {}, map[string]T     | `GoDict`: a Map, so that no key reaches a prototype    |
 * | structs and pointers to them              | `GoStruct`: exported fields and methods by name        |
 *
 * Maps and lists are values of reference: `set` changes a dict for everyone who holds it, as in Go.
 */
export type Value = null | boolean | string | GoInt | GoFloat | GoBytes | GoList | GoDict | GoStruct;

/** The widths of integers, with their names in Go. */
export type IntType =
  'int' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint' | 'uint8' | 'uint16' | 'uint32' | 'uint64';

/** An integer with its Go type; always within that type's range. */
export interface GoInt {
  readonly kind: 'int';
  readonly type: IntType;
  readonly value: bigint;
}

/** A floating-point number. */
export interface GoFloat {
  readonly kind: 'float';
  readonly type: 'float64';
  readonly value: number;
}

/** A []byte, as a binary string. */
export interface GoBytes {
  readonly kind: 'bytes';
  readonly value: string;
}

/** A slice; `type` is its Go type (`[]interface {}`), and `isNil` marks Go's nil slice (`null` in JSON, else like an empty one). */
export interface GoList {
  readonly kind: 'list';
  readonly type: string;
  readonly items: readonly Value[];
  readonly isNil: boolean;
}

/** A map from string; `type` is its Go type (`map[string]interface {}`). Iterate with `sortedKeys`, as Go's templates do. */
export interface GoDict {
  readonly kind: 'dict';
  readonly type: string;
  readonly entries: Map<string, Value>;
}

/** A struct (or pointer to one) that a function returns, such as a time or a semantic version. */
export interface GoStruct {
  readonly kind: 'struct';
  /** As `%T` prints it: `time.Time`, `*semver.Version`. */
  readonly type: string;
  readonly fields: ReadonlyMap<string, Value>;
  readonly methods: ReadonlyMap<string, TemplateFunction>;
  /** What its `String` or `Error` method returns, where it has one: every verb that takes a string prints it. */
  readonly text: (() => string) | undefined;
  /** What the functions that made it keep in it; narrow it with `instanceof`. */
  readonly payload: unknown;
  /** What encoding/json makes of it; undefined where that is an error. */
  readonly json: Value | undefined;
}

/** A function or method as templates may call it. Make one with `fn1`, `fn2`, ... of signature.ts. */
export interface TemplateFunction {
  /** The parameters before a variadic one. */
  readonly params: readonly ParamType[];
  /** The variadic parameter's type, if there is one. */
  readonly rest: ParamType | undefined;
  /** The function walks into lists and dicts: the engine bounds how deep and how large its arguments are. */
  readonly walks: boolean;
  /** Why a template that calls it is not even parsed, where that is so. */
  readonly refused: string | undefined;
  /** Receives arguments that the engine has checked against the parameters. */
  readonly call: (args: readonly Value[], spend: Spend) => Value;
}

/**
 * Takes steps from what the execution may use, or ends it. A function calls it before work whose length its arguments do not show, such as
 * deriving a key; a step is about a microsecond.
 */
export type Spend = (steps: number) => void;

/** What a parameter takes; `constant` says which literals of the template fit. */
export interface ParamType {
  /** As Go prints it in "wrong type for value; expected string; got int". */
  readonly type: string;
  readonly constant: 'any' | 'string' | 'bool' | 'float64' | IntType | 'none';
  /** Whether nil may be given for it: interfaces, maps, slices and pointers. */
  readonly nilable: boolean;
  readonly accepts: (value: Value) => boolean;
}

/** Go's types of the lists and maps that most functions return. */
export const ANY_LIST = '[]interface {}';
export const STRING_LIST = '[]string';
export const ANY_DICT = 'map[string]interface {}';
export const STRING_DICT = 'map[string]string';

/** An integer, of type int unless told otherwise; it wraps around as Go's do. */
export function int(value: bigint | number, type: IntType = 'int'): GoInt {
  return { kind: 'int', type, value: wrap(BigInt(value), type) };
}

/** A float64. */
export function float(value: number): GoFloat {
  return { kind: 'float', type: 'float64', value };
}

/** A []byte of the bytes of a binary string. */
export function bytes(value: string): GoBytes {
  return { kind: 'bytes', value };
}

/** A []interface {} unless told otherwise. */
export function list(items: readonly Value[], type: string = ANY_LIST): GoList {
  return { kind: 'list', type, items, isNil: false };
}

/** Go's nil slice. */
export function nilList(type: string = ANY_LIST): GoList {
  return { kind: 'list', type, items: [], isNil: true };
}

/** A map[string]interface {} unless told otherwise. */
export function dict(entries: Iterable<readonly [string, Value]> = [], type: string = ANY_DICT): GoDict {
  return { kind: 'dict', type, entries: new Map(entries) };
}

/** A struct; give what it has. */
export function struct(
  type: string,
  parts: {
    readonly fields?: Iterable<readonly [string, Value]>;
    readonly methods?: Iterable<readonly [string, TemplateFunction]>;
    readonly text?: () => string;
    readonly payload?: unknown;
    readonly json?: Value;
  },
): GoStruct {
  return {
    kind: 'struct',
    type,
    fields: new Map(parts.fields ?? []),
    methods: new Map(parts.methods ?? []),
    text: parts.text,
    payload: parts.payload,
    json: parts.json,
  };
}

/** The keys of a dict in Go's order: by bytes. */
export function sortedKeys(value: GoDict): readonly string[] {
  return [...value.entries.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The type of a list's items or a dict's values: `string` of `[]string`. */
export function elementType(container: GoList | GoDict): string {
  return container.type.slice(container.kind === 'list' ? '[]'.length : 'map[string]'.length);
}

/** The Go type as `%T` prints it. */
export function typeOf(value: Value): string {
  if (value === null) return '<nil>';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return value.kind === 'bytes' ? '[]uint8' : value.type;
}

/** The name of the Go kind, as reflect.Kind prints it. */
export function kindOf(value: Value): string {
  if (value === null) return 'invalid';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  switch (value.kind) {
    case 'int':
    case 'float':
      return value.type;
    case 'bytes':
    case 'list':
      return 'slice';
    case 'dict':
      return 'map';
    case 'struct':
      return value.type.startsWith('*') ? 'ptr' : 'struct';
  }
}

/** Whether `if` takes the value for true: not nil, not zero, not empty. A struct is always true. */
export function isTrue(value: Value): boolean {
  if (value === null || typeof value === 'boolean') return value === true;
  if (typeof value === 'string') return value !== '';
  switch (value.kind) {
    case 'int':
      return value.value !== 0n;
    case 'float':
      return value.value !== 0;
    case 'bytes':
      return value.value !== '';
    case 'list':
      return value.items.length > 0;
    case 'dict':
      return value.entries.size > 0;
    case 'struct':
      return true;
  }
}

/** The number of bits of an integer type (int and uint have 64, as on Lambda's machines). */
export function bitsOf(type: IntType): number {
  return Number(/\d+$/u.exec(type)?.[0] ?? '64');
}

function wrap(value: bigint, type: IntType): bigint {
  return type.startsWith('u') ? BigInt.asUintN(bitsOf(type), value) : BigInt.asIntN(bitsOf(type), value);
}
