module oracle

go 1.26

// The versions of External Secrets Operator 2.9.
require (
	github.com/tidwall/gjson v1.18.0
	github.com/tidwall/match v1.2.0 // indirect
	github.com/tidwall/pretty v1.2.1 // indirect
)
