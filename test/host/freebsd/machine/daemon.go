package machine

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"

	"standin/kernel"
)

func init() { Commands["kernel"] = runKernel }

// runKernel is the kernel's process. Descriptors: 3 procfs, 4 the Linux outside, 5 tells when it is up.
func runKernel(args []string) int {
	// They end nothing here; to ignore them would mean that all that the kernel starts ignores them, too.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGPIPE)
	for fd := 3; fd <= 5; fd++ {
		unix.CloseOnExec(fd)
	}
	config, err := decodeConfig(args[0])
	if err != nil {
		fmt.Fprintln(os.Stderr, "kernel:", err)
		return 1
	}
	self, err := os.Open("self/exe")
	if err == nil {
		_, err = unix.FcntlInt(self.Fd(), unix.F_DUPFD_CLOEXEC, kernel.SelfFD)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "kernel:", err)
		return 1
	}
	self.Close()
	socket, err := kernel.Listen()
	if err != nil {
		fmt.Fprintln(os.Stderr, "kernel:", err)
		return 1
	}
	k := kernel.New(config.Host, 3, 4)
	ready := os.NewFile(5, "ready")
	ready.Write([]byte{1})
	ready.Close()
	if err := k.Serve(socket); err != nil {
		fmt.Fprintln(os.Stderr, "kernel:", err)
	}
	return 1
}
