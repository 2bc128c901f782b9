/** The table of RFC 2268, digits of pi. */
const PI_TABLE = Buffer.from(
  [
    'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2',
    '179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82',
    '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626',
    '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7',
    '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec',
    'c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731',
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9',
    '0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
  ].join(''),
  'hex',
);
const BLOCK = 8;
/** The four words of a block, from the last one, and how far each is turned in a round. */
const TURNS = [
  [3, 5],
  [2, 3],
  [1, 2],
  [0, 1],
] as const;

/**
 * Decrypts RC2-CBC with PKCS#7 padding (RFC 2268), the key's own length counting as its effective one. OpenSSL 3 does not offer it, and until
 * 2021 `openssl pkcs12 -export` encrypted certificates with it.
 *
 * @returns undefined where the padding is wrong, as it is after a wrong key
 */
export function decryptRc2(key: Buffer, iv: Buffer, data: Buffer): Buffer | undefined {
  if (data.length === 0 || data.length % BLOCK !== 0) return undefined;
  const schedule = expand(key);
  const plain = Buffer.alloc(data.length);
  let previous = iv;
  for (let at = 0; at < data.length; at += BLOCK) {
    const block = data.subarray(at, at + BLOCK);
    decryptBlock(schedule, block).forEach((word, index) => {
      plain.writeUInt16LE(word ^ previous.readUInt16LE(index * 2), at + index * 2);
    });
    previous = block;
  }
  return unpadded(plain);
}

function expand(key: Buffer): Uint16Array {
  const bytes = Buffer.alloc(128);
  key.copy(bytes);
  const pi = (index: number): number => PI_TABLE[index & 0xff] ?? 0;
  const at = (index: number): number => bytes[index] ?? 0;
  for (let i = key.length; i < 128; i++) bytes[i] = pi(at(i - 1) + at(i - key.length));
  bytes[128 - key.length] = pi(at(128 - key.length));
  for (let i = 127 - key.length; i >= 0; i--) bytes[i] = pi(at(i + 1) ^ at(i + key.length));
  return Uint16Array.from({ length: 64 }, (_, index) => bytes.readUInt16LE(index * 2));
}

function decryptBlock(schedule: Uint16Array, block: Buffer): Uint16Array {
  const words = Uint16Array.of(
    block.readUInt16LE(0),
    block.readUInt16LE(2),
    block.readUInt16LE(4),
    block.readUInt16LE(6),
  );
  unmix(words, schedule, { from: 63, rounds: 5 });
  unmash(words, schedule);
  unmix(words, schedule, { from: 43, rounds: 6 });
  unmash(words, schedule);
  unmix(words, schedule, { from: 19, rounds: 5 });
  return words;
}

/** A round takes four words of the schedule, going backwards. */
function unmix(
  words: Uint16Array,
  schedule: Uint16Array,
  { from, rounds }: { readonly from: number; readonly rounds: number },
): void {
  const word = (index: number): number => words[index & 3] ?? 0;
  for (let at = from; at > from - rounds * TURNS.length; at -= TURNS.length)
    for (const [index, turn] of TURNS) {
      const value = word(index);
      const turned = (value >>> turn) | (value << (16 - turn));
      const mixed = (word(index + 3) & word(index + 2)) + (~word(index + 3) & word(index + 1));
      words[index] = turned - (schedule[at - 3 + index] ?? 0) - mixed;
    }
}

function unmash(words: Uint16Array, schedule: Uint16Array): void {
  for (const [index] of TURNS)
    words[index] = (words[index] ?? 0) - (schedule[(words[(index + 3) & 3] ?? 0) & 63] ?? 0);
}

function unpadded(plain: Buffer): Buffer | undefined {
  const length = plain.at(-1) ?? 0;
  const isPadding =
    length >= 1 && length <= BLOCK && plain.subarray(-length).every((byte) => byte === length);
  return isPadding ? plain.subarray(0, -length) : undefined;
}
