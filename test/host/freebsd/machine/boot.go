package machine

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"standin/kernel"
	"standin/wire"
)

func init() { Commands["boot"] = boot }

// boot is the machine's first process: in fresh name spaces, it makes the machine of its disk, starts the kernel and
// rc, and then is init(8): it reaps, and shuts down when it is told to.
func boot(args []string) int {
	config, err := decodeConfig(args[0])
	if err != nil {
		fmt.Fprintln(os.Stderr, "boot:", err)
		return 1
	}
	b := &booter{config: config, events: os.NewFile(3, "events")}
	unix.CloseOnExec(3)
	if err := b.prepare(); err != nil {
		fmt.Fprintln(os.Stderr, "boot:", err)
		return 1
	}
	return b.run()
}

// openFiles is kern.maxfilesperproc of a FreeBSD with 1 GB.
const openFiles = 58527

type booter struct {
	config *Config
	events *os.File // lines for the front
	self   *os.File // this binary
	procfs int      // a procfs of the machine, mounted nowhere
	debian int      // the Linux system outside
	kernel int      // the kernel's process
	rc     int
	how    int // the exit status asked for, or 0
}

func (b *booter) prepare() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	var err error
	if b.self, err = openSelf(); err != nil {
		return err
	}
	if b.debian, err = unix.OpenTree(unix.AT_FDCWD, "/", unix.OPEN_TREE_CLONE|unix.OPEN_TREE_CLOEXEC|unix.AT_RECURSIVE); err != nil {
		return fmt.Errorf("open_tree: %w", err)
	}
	if b.procfs, err = detachedProcFS(); err != nil {
		return fmt.Errorf("procfs: %w", err)
	}
	if err := b.changeRoot(); err != nil {
		return err
	}
	if err := letIn(b.config.RootKey); err != nil {
		return fmt.Errorf("authorized_keys: %w", err)
	}
	if err := makeDev("/dev"); err != nil {
		return fmt.Errorf("/dev: %w", err)
	}
	if err := linkUp(); err != nil {
		return fmt.Errorf("network: %w", err)
	}
	syscall.Umask(0o022)
	syscall.Setrlimit(unix.RLIMIT_NOFILE, &syscall.Rlimit{Cur: openFiles, Max: openFiles}) // not all may
	return unix.Fchdir(b.procfs)
}

// openSelf opens this binary on a high descriptor, that stays where it is while a child's descriptors are sorted.
func openSelf() (*os.File, error) {
	f, err := os.Open("/proc/self/exe")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, kernel.SelfFD)
	return os.NewFile(uintptr(fd), "self"), err
}

func detachedProcFS() (int, error) {
	fs, err := unix.Fsopen("proc", unix.FSOPEN_CLOEXEC)
	if err != nil {
		return -1, err
	}
	defer unix.Close(fs)
	if err := unix.FsconfigCreate(fs); err != nil {
		return -1, err
	}
	return unix.Fsmount(fs, unix.FSMOUNT_CLOEXEC, 0)
}

func (b *booter) changeRoot() error {
	root := filepath.Join(b.config.Dir, "root")
	if err := os.MkdirAll(root, 0o700); err != nil {
		return err
	}
	if err := mountImage(b.config.Image, root, 0); err != nil {
		return err
	}
	if err := os.Chdir(root); err != nil {
		return err
	}
	if err := unix.PivotRoot(".", "."); err != nil {
		return fmt.Errorf("pivot_root: %w", err)
	}
	return unix.Unmount(".", unix.MNT_DETACH)
}

func (b *booter) run() int {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGTERM, syscall.SIGHUP)
	if err := b.startKernel(); err != nil {
		fmt.Fprintln(os.Stderr, "boot:", err)
		return 1
	}
	fmt.Fprintln(b.events, "kernel")
	b.rc = b.start("/", "/bin/sh", "/etc/rc", "autoboot")
	go func() {
		for s := range signals {
			b.shutdown(s)
		}
	}()
	for {
		var status unix.WaitStatus
		pid, err := unix.Wait4(-1, &status, 0, nil)
		switch {
		case err == unix.EINTR:
		case err != nil:
			fmt.Fprintln(os.Stderr, "init: wait:", err)
			return 1
		case pid == b.kernel:
			fmt.Fprintln(os.Stderr, "init: the kernel has ended:", status)
			return status.ExitStatus()
		case pid == b.rc:
			fmt.Fprintln(b.events, "booted")
		}
	}
}

func (b *booter) startKernel() error {
	ready, written, err := os.Pipe()
	if err != nil {
		return err
	}
	defer ready.Close()
	p, err := os.StartProcess(kernel.SelfPath, []string{"[kernel]", "kernel", b.config.encode()}, &os.ProcAttr{
		Files: []*os.File{nil, os.Stderr, os.Stderr, os.NewFile(uintptr(b.procfs), "procfs"), os.NewFile(uintptr(b.debian), "debian"), written},
		Sys:   &syscall.SysProcAttr{Setsid: true},
	})
	written.Close()
	if err != nil {
		return fmt.Errorf("kernel: %w", err)
	}
	b.kernel = p.Pid
	if n, _ := ready.Read(make([]byte, 1)); n == 0 {
		return fmt.Errorf("the kernel did not come up")
	}
	return nil
}

func (b *booter) start(dir string, argv ...string) int {
	null, err := os.OpenFile("/dev/null", os.O_RDWR, 0)
	if err != nil {
		fmt.Fprintln(os.Stderr, "init:", err)
		return -1
	}
	defer null.Close()
	p, err := os.StartProcess(argv[0], argv, &os.ProcAttr{
		Dir: dir, Env: []string{"PATH=/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin", "HOME=/"},
		Files: []*os.File{null, os.Stdout, os.Stderr}, Sys: &syscall.SysProcAttr{Setsid: true},
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "init:", err)
		return -1
	}
	return p.Pid
}

// shutdown is what init(8) does on its signals: rc.shutdown, then everything ends, the disk is synced.
func (b *booter) shutdown(s os.Signal) {
	if s == syscall.SIGHUP || b.how != 0 {
		return
	}
	b.how = exitPowerOff
	if s == syscall.SIGINT {
		b.how = exitReboot
	}
	if s != syscall.SIGTERM { // SIGTERM: reboot(8) goes without rc.shutdown
		done := b.start("/", "/bin/sh", "/etc/rc.shutdown", "reboot")
		for deadline := time.Now().Add(90 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
			if unix.Kill(done, 0) != nil {
				break
			}
		}
	} else {
		b.how = exitReboot
	}
	unix.Kill(-1, unix.SIGTERM)
	time.Sleep(20 * time.Millisecond)
	b.halt()
	os.Exit(b.how) // the disk is unmounted, and so synced, with the name space
}

// halt has the kernel unmount what lies on the disk's images, which must be before the disk goes.
func (b *booter) halt() {
	conn, err := wire.Dial()
	if err != nil {
		return
	}
	done := make(chan error, 1)
	go func() {
		_, err := conn.Call("machine.halt", nil, nil)
		done <- err
	}()
	select {
	case err = <-done:
	case <-time.After(20 * time.Second):
		err = errors.New("no answer")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "init: halt:", err)
	}
}
