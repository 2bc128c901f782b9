/** The object identifiers of PKCS#12 (RFC 7292), PBES2 and PBMAC1 (RFC 8018), as far as ESO's library knows them. */
export const ID = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  javaTrustStore: '2.16.840.1.113894.746875.1.1',
  anyExtendedKeyUsage: '2.5.29.37.0',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  pbmac1: '1.2.840.113549.1.5.14',
  hmacSha256: '1.2.840.113549.2.9',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const;

/** The digests of MACs, and the pseudo-random functions of key derivations. */
export const DIGESTS = {
  '1.3.14.3.2.26': 'sha1',
  [ID.sha256]: 'sha256',
  '2.16.840.1.101.3.4.2.3': 'sha512',
  '1.2.840.113549.2.7': 'sha1',
  [ID.hmacSha256]: 'sha256',
  '1.2.840.113549.2.11': 'sha512',
} as const;

/** The ciphers of PBES2. */
export const AES = {
  '2.16.840.1.101.3.4.1.2': { cipher: 'aes-128-cbc', keyLength: 16 },
  '2.16.840.1.101.3.4.1.22': { cipher: 'aes-192-cbc', keyLength: 24 },
  [ID.aes256Cbc]: { cipher: 'aes-256-cbc', keyLength: 32 },
} as const;

/** The ciphers of RFC 7292 itself, for which SHA-1 derives key and IV. */
export const LEGACY = {
  '1.2.840.113549.1.12.1.3': { cipher: 'des-ede3-cbc', keyLength: 24 },
  '1.2.840.113549.1.12.1.5': { cipher: 'rc2', keyLength: 16 },
  '1.2.840.113549.1.12.1.6': { cipher: 'rc2', keyLength: 5 },
} as const;

/** What a table has under an identifier, which may be one that it does not know. */
export function lookUp<T extends object>(table: T, id: string): T[keyof T] | undefined {
  return new Map<string, T[keyof T]>(Object.entries(table)).get(id);
}
