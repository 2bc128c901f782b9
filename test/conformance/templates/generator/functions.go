package main

import (
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"hash"
	"maps"
	"strings"
	"text/template"

	eso "github.com/external-secrets/external-secrets/pkg/template/v2"
	"software.sslmate.com/src/go-pkcs12"
)

// esoFunctions are ESO's, from the newest release of it that can be used as a library (0.16.2), brought up to 2.9: its own sprig without
// lookups of hosts, and what it has added since, written here from the documentation with the libraries that it uses.
func esoFunctions() template.FuncMap {
	functions := maps.Clone(eso.FuncMap())
	delete(functions, "getHostByName")
	filterPEM, ok := functions["filterPEM"].(func(string, string) (string, error))
	if !ok {
		panic("filterPEM has another type than expected")
	}
	maps.Copy(functions, template.FuncMap{
		"hexdec":   hexdec,
		"certSANs": certSANs,
		"filterPEM": func(kind, input string) (string, error) {
			return filterPEM(kind, fromFirstBlock(input))
		},
		"pemTruststoreToPKCS12":     func(certs string) (string, error) { return truststore(certs, "") },
		"pemTruststoreToPKCS12Pass": truststore,
		"rsaDecrypt":                rsaDecrypt,
		"htpasswd":                  htpasswdWith(functions["htpasswd"]),
	})
	return functions
}

// hexdec gives the decoder's message for what is no hexadecimal, like sprig's other decoders.
func hexdec(text string) string {
	decoded, err := hex.DecodeString(text)
	if err != nil {
		return err.Error()
	}
	return string(decoded)
}

type hashAlgorithm string

// htpasswdWith is what sprig's htpasswd became after its release 3.3: "sha" asks for SHA-1, anything else for bcrypt.
func htpasswdWith(function any) any {
	htpasswd, ok := function.(func(string, string) string)
	if !ok {
		panic("htpasswd has another type than expected")
	}
	return func(user, password string, algorithm hashAlgorithm) string {
		if algorithm != "sha" || strings.Contains(user, ":") {
			return htpasswd(user, password)
		}
		digest := sha1.Sum([]byte(password))
		return user + ":{SHA}" + base64.StdEncoding.EncodeToString(digest[:])
	}
}

// fromFirstBlock drops what stands before the first PEM block: pem.Decode no longer does since Go 1.26.
func fromFirstBlock(text string) string {
	if start := strings.Index(text, "-----BEGIN"); start > 0 {
		return text[start:]
	}
	return text
}

// certSANs lists DNS names, addresses, e-mail addresses and URIs, in this order.
func certSANs(text string) ([]string, error) {
	block, _ := pem.Decode([]byte(fromFirstBlock(text)))
	if block == nil {
		return nil, errors.New("failed to decode PEM block")
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("failed to parse certificate: %w", err)
	}
	names := append([]string{}, cert.DNSNames...)
	for _, address := range cert.IPAddresses {
		names = append(names, address.String())
	}
	names = append(names, cert.EmailAddresses...)
	for _, uri := range cert.URIs {
		names = append(names, uri.String())
	}
	return names, nil
}

// truststore panics, as ESO does, for what is no PEM; text/template makes an error of that.
func truststore(text, password string) (string, error) {
	var certs []*x509.Certificate
	for rest := []byte(text); len(rest) > 0; {
		var block *pem.Block
		block, rest = pem.Decode(rest)
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return "", err
		}
		certs = append(certs, cert)
	}
	store, err := pkcs12.Modern.EncodeTrustStore(certs, password)
	return base64.StdEncoding.EncodeToString(store), err
}

func rsaDecrypt(scheme, digest, input, key string) (string, error) {
	switch scheme {
	case "None":
		return input, nil
	case "RSA-OAEP":
	default:
		return "", fmt.Errorf("decryption scheme %s is not supported", scheme)
	}
	block, _ := pem.Decode([]byte(key))
	if block == nil {
		return "", errors.New("failed to decode PEM block")
	}
	private, err := rsaKey(block.Bytes)
	if err != nil {
		return "", err
	}
	decrypted, err := rsa.DecryptOAEP(newHash(digest), nil, private, []byte(input), nil)
	if err != nil {
		return "", fmt.Errorf("error decrypting data with RSA: %w", err)
	}
	return string(decrypted), nil
}

func rsaKey(der []byte) (*rsa.PrivateKey, error) {
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key, nil
	}
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		if private, ok := key.(*rsa.PrivateKey); ok {
			return private, nil
		}
		return nil, errors.New("could not parse RSA private key")
	}
	if _, err := x509.ParseECPrivateKey(der); err == nil {
		return nil, errors.New("could not parse RSA private key")
	}
	return nil, errors.New("could not parse private key")
}

func newHash(digest string) hash.Hash {
	switch digest {
	case "SHA1":
		return sha1.New()
	case "SHA512":
		return sha512.New()
	}
	return sha256.New()
}
