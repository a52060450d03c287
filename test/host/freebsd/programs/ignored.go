//go:build inherit

package programs

import (
	"os/signal"
	"syscall"
)

// Go takes over every signal at its start, also those that the shell ignores (`trap "" PIPE`): what a program then runs
// would no longer inherit that. So what was ignored is made so again.
func init() {
	const ignored = 1
	for _, s := range [...]syscall.Signal{syscall.SIGPIPE, syscall.SIGQUIT, syscall.SIGTERM, syscall.SIGALRM, syscall.SIGUSR1, syscall.SIGUSR2} {
		if inheritedAction(uintptr(s)) == ignored {
			signal.Ignore(s)
		}
	}
}

// inheritedAction is what the Go runtime found set for a signal: 0 default, 1 ignored.
func inheritedAction(signal uintptr) uintptr
