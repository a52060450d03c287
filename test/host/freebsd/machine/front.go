package machine

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"

	"standin/kernel"
)

func init() { Commands["machine"] = front }

// front is the process outside that owns a machine: it relays connections to the machine's SSH server, takes
// commands as lines of JSON on its standard input, and ends with it, leaving nothing behind.
func front(args []string) int {
	flags := flag.NewFlagSet("machine", flag.ExitOnError)
	image := flags.String("image", "", "the disk to start from")
	dir := flags.String("dir", "", "an empty folder of its own")
	port := flags.Int("port", 0, "the port on 127.0.0.1; 0 takes any")
	cpus := flags.Int("cpus", 2, "how many processors it says it has")
	release := flags.String("release", "13.2-RELEASE", "the release that it plays")
	osreldate := flags.Int("osreldate", 1302001, "its kern.osreldate")
	flags.Parse(args)
	m := &machine{dir: *dir, relay: &relay{}}
	m.config = Config{Dir: *dir, Host: kernel.HostConfig{CPUs: *cpus, Release: *release, OSRelDate: *osreldate, Machine: "amd64"}}
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // not ignored: the machine would inherit that
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		<-signals
		m.halt()
		os.Exit(1)
	}()
	if err := m.open(*image, *port); err != nil {
		m.halt()
		fmt.Fprintln(os.Stderr, "standin machine:", err)
		return 1
	}
	m.serve()
	m.halt()
	return 0
}

// machine is one machine, as the outside holds it.
type machine struct {
	dir     string
	disk    *os.File // without a name: it goes with us, however we end
	config  Config
	relay   *relay
	console *os.File

	mu      sync.Mutex // over what follows
	running *running
	boots   int
	closing bool
	out     sync.Mutex
}

// running is one boot.
type running struct {
	process *exec.Cmd
	inside  *inside
	kernel  chan struct{}
	booted  chan struct{}
	ended   chan struct{}
	status  int
}

func (m *machine) open(image string, port int) error {
	var err error
	if m.disk, err = namelessCopy(image, filepath.Join(m.dir, "disk.img")); err != nil {
		return err
	}
	m.config.Image = fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), m.disk.Fd())
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return err
	}
	if m.console, err = os.Create(filepath.Join(m.dir, "console.log")); err != nil {
		return err
	}
	go m.relay.serve(listener)
	m.config.RootKey, err = makeUserKey(filepath.Join(m.dir, "id_ed25519"))
	if err != nil {
		return err
	}
	if err := m.boot(); err != nil {
		return err
	}
	hostKey, err := m.output("cat /etc/ssh/ssh_host_ed25519_key.pub")
	if err != nil {
		return err
	}
	m.tell(map[string]any{"ready": map[string]any{
		"port": listener.Addr().(*net.TCPAddr).Port, "hostKey": hostKey, "privateKeyFile": filepath.Join(m.dir, "id_ed25519"),
		"console": m.console.Name(),
	}})
	return nil
}

// boot starts the machine and waits until rc has run. Its sshd is reached as soon as it runs, and jails start behind it.
func (m *machine) boot() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closing {
		return errors.New("the machine is being stopped")
	}
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	cmd := exec.Command("/proc/self/exe", "boot", m.config.encode())
	cmd.Stdout, cmd.Stderr = m.console, m.console
	cmd.ExtraFiles = []*os.File{write}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC | syscall.CLONE_NEWNET,
		Pdeathsig:  syscall.SIGKILL, Setsid: true,
	}
	started := make(chan error)
	ended := make(chan struct{})
	r := &running{process: cmd, kernel: make(chan struct{}), booted: make(chan struct{}), ended: ended}
	go func() { // one thread for the machine's life: it is what Pdeathsig means
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		cmd.Wait()
		r.status = cmd.ProcessState.ExitCode()
		close(ended)
		m.ended(r)
	}()
	err = <-started
	write.Close()
	if err != nil {
		return fmt.Errorf("name spaces: %w", err)
	}
	m.running = r
	m.boots++
	go func() {
		lines := bufio.NewScanner(read)
		for lines.Scan() {
			switch lines.Text() {
			case "kernel":
				close(r.kernel)
			case "booted":
				close(r.booted)
			}
		}
		read.Close()
	}()
	failed := func() error {
		return fmt.Errorf("the machine did not boot (status %d): %s", r.status, tail(m.console.Name()))
	}
	select {
	case <-r.kernel:
	case <-ended:
		return failed()
	}
	if r.inside, err = enterInside(cmd.Process.Pid); err != nil {
		return err
	}
	m.relay.open(r.inside)
	go m.listen(r)
	select {
	case <-r.booted:
		return nil
	case <-ended:
		return failed()
	}
}

// ended says what happens when the first process has gone: a reboot, or a boot when power comes back.
func (m *machine) ended(r *running) {
	m.relay.close()
	if r.inside != nil {
		r.inside.close()
	}
	if r.status == exitReboot || r.status == exitPowerLoss {
		if err := m.boot(); err != nil && !m.stopping() {
			fmt.Fprintln(os.Stderr, "standin machine: reboot:", err)
		}
	}
}

func (m *machine) stopping() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.closing
}

// listen does what the kernel asks of the outside.
func (m *machine) listen(r *running) {
	for {
		var what string
		if err := r.inside.call("machine.listen", nil, &what); err != nil {
			return
		}
		if what == "cut" {
			m.relay.cut()
		}
	}
}

// halt ends the machine at once.
func (m *machine) halt() {
	m.mu.Lock()
	m.closing = true
	r := m.running
	m.mu.Unlock()
	m.relay.close()
	if r != nil {
		r.process.Process.Kill()
		<-r.ended
	}
	os.RemoveAll(m.dir)
}

func (m *machine) tell(what any) {
	m.out.Lock()
	defer m.out.Unlock()
	json.NewEncoder(os.Stdout).Encode(what)
}

func tail(file string) string {
	data, _ := os.ReadFile(file)
	if len(data) > 2000 {
		data = data[len(data)-2000:]
	}
	return string(data)
}
