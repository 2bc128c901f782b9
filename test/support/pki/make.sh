#!/bin/sh
# Makes the certificates, keys and archives next to it. They are test material: nothing anywhere trusts or uses them, and the password of
# every archive is "fake-password". Run it to make new ones (OpenSSL 3); tests then see other bytes, but the same structure.
set -eu
cd "$(dirname "$0")"
rm -f ./*.pem ./*.p12
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
days=36500
pass=fake-password

key() { openssl genpkey -quiet "$@"; }
key -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$tmp/root.key"
key -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$tmp/intermediate.key"
key -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$tmp/other.key"
key -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa-key.pem
key -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec-key.pem
key -algorithm ED25519 -out ed25519-key.pem
key -algorithm X25519 -out x25519-key.pem
key -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1 -out koblitz-key.pem
openssl rsa -in rsa-key.pem -traditional -out rsa-key-pkcs1.pem 2>"$tmp/log"
openssl ec -in ec-key.pem -out ec-key-sec1.pem 2>"$tmp/log"
openssl pkcs8 -topk8 -in rsa-key.pem -passout "pass:$pass" -out rsa-key-encrypted.pem

ca='basicConstraints=critical,CA:true'
root() { openssl req -x509 -new -key "$1" -subj "$2" -days $days -addext "$ca" -out "$3" 2>"$tmp/log"; }
signed() { # key, subject, issuer's certificate, issuer's key, extensions, output
  openssl req -new -key "$1" -subj "$2" -out "$tmp/request"
  printf '%s\n' "$5" >"$tmp/extensions"
  openssl x509 -req -in "$tmp/request" -CA "$3" -CAkey "$4" -days $days -extfile "$tmp/extensions" -out "$6" 2>"$tmp/log"
}
root "$tmp/root.key" '/O=Keyrelay test material/CN=Fake root' root.pem
root "$tmp/other.key" '/C=XX/O=Keyrelay, "test" material/OU=a\+b/CN= Fake; other /emailAddress=fake@example.test' other-root.pem
signed "$tmp/intermediate.key" '/CN=Fake intermediate' root.pem "$tmp/root.key" "$ca" intermediate.pem
names='subjectAltName=DNS:shop.example.test,URI:spiffe://example.test/shop,IP:192.0.2.7,email:shop@example.test,DNS:*.example.test,IP:2001:db8:0:0:1:0:0:1,IP:::ffff:192.0.2.8'
signed rsa-key.pem '/CN=Fake leaf' intermediate.pem "$tmp/intermediate.key" "$names" leaf.pem
signed ec-key.pem '/CN=Fake EC leaf' intermediate.pem "$tmp/intermediate.key" 'subjectAltName=DNS:ec.example.test' ec-leaf.pem
signed ed25519-key.pem '/CN=Fake Ed25519 leaf' other-root.pem "$tmp/other.key" 'basicConstraints=CA:false' ed25519-leaf.pem
cat root.pem leaf.pem intermediate.pem >chain.pem

archive() { # output, password, other options
  out=$1 word=$2
  shift 2
  openssl pkcs12 -export -inkey rsa-key.pem -in leaf.pem -certfile "$tmp/authorities" -passout "pass:$word" -out "$out" "$@"
}
cat root.pem intermediate.pem >"$tmp/authorities"
archive modern.p12 $pass
archive modern-empty-password.p12 ''
archive aes-128.p12 $pass -keypbe AES-128-CBC -certpbe AES-128-CBC -macalg sha512 -iter 10
archive aes-192.p12 $pass -keypbe AES-192-CBC -certpbe AES-192-CBC -macalg sha1 -iter 10
archive legacy-rc2-40.p12 $pass -legacy
archive legacy-rc2-128.p12 $pass -legacy -certpbe PBE-SHA1-RC2-128 -keypbe PBE-SHA1-RC2-128
archive legacy-3des.p12 $pass -legacy -certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES
archive legacy-rc4.p12 $pass -legacy -certpbe PBE-SHA1-RC4-128 -keypbe PBE-SHA1-RC4-128
archive mac-md5.p12 $pass -legacy -macalg md5
archive no-encryption.p12 '' -keypbe NONE -certpbe NONE -nomac
archive no-mac.p12 $pass -nomac
openssl pkcs12 -export -nokeys -in root.pem -passout "pass:$pass" -out no-key.p12
openssl pkcs12 -export -nocerts -inkey ec-key.pem -passout "pass:$pass" -out no-certificate.p12
openssl pkcs12 -export -inkey ec-key.pem -in ec-leaf.pem -passout "pass:$pass" -out ec.p12
openssl pkcs12 -export -inkey ed25519-key.pem -in ed25519-leaf.pem -certfile root.pem -passout "pass:$pass" -out disjunct.p12
openssl pkcs12 -export -inkey ec-key.pem -in ec-leaf.pem -passout "pass:$(printf 'f\303\244lschung')" -out umlaut.p12
