package machine

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// wait waits until the machine is up, and has been started so many times.
func (m *machine) wait(boots int) error {
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		_, err := m.now()
		m.mu.Lock()
		started := m.boots
		m.mu.Unlock()
		if err == nil && started >= boots {
			return nil
		}
	}
	return errors.New("the machine did not come back")
}

// reboot is shutdown -r now, and waits for the next boot.
func (m *machine) reboot() error {
	r, err := m.now()
	if err != nil {
		return m.boot() // it was switched off
	}
	if err := r.process.Process.Signal(unix.SIGINT); err != nil {
		return err
	}
	<-r.ended
	return m.wait(0)
}

// powerLoss takes the power away without warning, gives it back, and waits for the boot.
func (m *machine) powerLoss() error {
	r, err := m.now()
	if err != nil {
		return err
	}
	m.call("machine.cut", nil, nil) // its answer is lost with the kernel
	<-r.ended
	return m.wait(0)
}

// snapshot copies the disk as it is, consistent.
func (m *machine) snapshot(to string) error {
	r, err := m.now()
	if err != nil {
		return err
	}
	conn, err := r.inside.kernel()
	if err != nil {
		return err
	}
	defer conn.Close() // thaws
	if _, err := conn.Call("machine.freeze", nil, nil); err != nil {
		return err
	}
	return cloneFile(m.disk.Name(), to)
}

// restore puts a disk back and boots from it.
func (m *machine) restore(from string) error {
	if r, err := m.now(); err == nil {
		r.process.Process.Kill()
		<-r.ended
	}
	if err := overwrite(m.disk, from); err != nil {
		return err
	}
	return m.boot()
}

// namelessCopy copies a file into one that nobody else can open, and that is gone when it is closed.
func namelessCopy(from, to string) (*os.File, error) {
	f, err := os.OpenFile(to, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := os.Remove(to); err != nil {
		return nil, err
	}
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	nameless := os.NewFile(uintptr(fd), fmt.Sprintf("/proc/self/fd/%d", fd))
	return nameless, overwrite(nameless, from)
}

// cloneFile copies a file to a new one.
func cloneFile(from, to string) error {
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	defer f.Close()
	return overwrite(f, from)
}

// overwrite makes a file what another is, holes as holes.
func overwrite(out *os.File, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	st, err := in.Stat()
	if err != nil {
		return err
	}
	if err := out.Truncate(0); err != nil {
		return err
	}
	if unix.IoctlFileClone(int(out.Fd()), int(in.Fd())) == nil {
		return nil
	}
	return copyData(out, in, st.Size())
}

func copyData(out, in *os.File, size int64) error {
	if err := out.Truncate(size); err != nil {
		return err
	}
	for at := int64(0); at < size; {
		start, err := unix.Seek(int(in.Fd()), at, unix.SEEK_DATA)
		if errors.Is(err, unix.ENXIO) {
			return nil
		}
		if err != nil {
			return err
		}
		end, err := unix.Seek(int(in.Fd()), start, unix.SEEK_HOLE)
		if err != nil {
			return err
		}
		for _, f := range []*os.File{in, out} {
			if _, err := f.Seek(start, io.SeekStart); err != nil {
				return err
			}
		}
		if _, err := io.CopyN(out, in, end-start); err != nil {
			return err
		}
		at = end
	}
	return nil
}
