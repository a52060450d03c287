// Package machine makes and runs the machine around the kernel: its image, name spaces, first process, SSH server
// and the front that the outside sees.
package machine

// Commands are what the binary does besides being a FreeBSD program.
var Commands = map[string]func(args []string) int{}
