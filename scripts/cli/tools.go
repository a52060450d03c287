//go:build tools

// Package tools pins the Pulumi CLI's own source, so that it can be built where only the Go module proxy is in reach:
// `go install` refuses it for the replace lines in its go.mod.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
