import { sortedKeys, typeOf } from '../value.ts';
import type { Value } from '../value.ts';

/**
 * A text that two values share exactly where reflect.DeepEqual holds of them: same type, same content, nil lists apart from empty ones.
 * (But for NaN, which equals nothing in Go.) The engine has bounded how deep the value is.
 */
export function identityOf(value: Value): string {
  const parts: string[] = [];
  write(value, parts);
  return parts.join('');
}

/** Lengths stand before texts, so that no text can pose as the end of its own value. */
function write(value: Value, parts: string[]): void {
  parts.push(typeOf(value), ':');
  if (value === null) return;
  if (typeof value === 'string' || typeof value === 'boolean') {
    writeText(String(value), parts);
    return;
  }
  switch (value.kind) {
    case 'int':
      writeText(value.value.toString(), parts);
      return;
    case 'float':
      writeText((value.value === 0 ? 0 : value.value).toString(), parts);
      return;
    case 'bytes':
      writeText(value.value, parts);
      return;
    case 'list':
      parts.push(value.isNil ? 'nil' : `${value.items.length}[`);
      for (const item of value.items) write(item, parts);
      return;
    case 'dict':
      parts.push(`${value.entries.size}{`);
      for (const key of sortedKeys(value)) {
        writeText(key, parts);
        write(value.entries.get(key) ?? null, parts);
      }
      return;
    case 'struct':
      writeText(value.text?.() ?? '', parts);
      for (const field of value.fields.values()) write(field, parts);
  }
}

function writeText(text: string, parts: string[]): void {
  parts.push(`${text.length}"`, text);
}
