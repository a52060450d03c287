package kernel

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"

	"standin/geli"
)

// servedFile is an encrypted disk's clear text, as a file. A process of its own serves it: were it the kernel's,
// the kernel could not end while Linux waits for an answer.
type servedFile struct {
	mount   int
	file    *os.File
	control *os.File
	worker  *exec.Cmd
	size    int64
}

// served is what the process is told: first all, then the sizes as they change.
type served struct {
	Metadata []byte
	Master   []byte
	Size     int64 // of the clear text
	Below    int64 // of the disk
}

// serve makes the file for a disk that is open as lower.
func (k *Kernel) serve(name string, lower *os.File, meta *geli.Metadata, master []byte, below int64) (*servedFile, error) {
	device, err := k.OpenDebian("dev/fuse", unix.O_RDWR)
	if err != nil {
		return nil, fmt.Errorf("encrypted disks need /dev/fuse: %w", err)
	}
	defer device.Close()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	theirs := os.NewFile(uintptr(pair[1]), "control")
	defer theirs.Close()
	s := &servedFile{mount: -1, control: os.NewFile(uintptr(pair[0]), "control"), size: meta.MediaSize()}
	fsfd, err := fuseContext(device)
	if err != nil {
		s.Close()
		return nil, err
	}
	defer unix.Close(fsfd)
	s.worker = &exec.Cmd{
		Path: SelfPath, Args: []string{"[kernel]", "serve-disk", name}, ExtraFiles: []*os.File{device, lower, theirs},
		SysProcAttr: &syscall.SysProcAttr{Setsid: true},
	}
	if err := s.worker.Start(); err != nil {
		s.worker = nil
		s.Close()
		return nil, err
	}
	if err := s.tell(served{meta.Encode(), master, s.size, below}); err == nil {
		err = s.open(fsfd)
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// fuseContext makes the file system, not yet mounted: before that there is nothing to serve.
func fuseContext(device *os.File) (int, error) {
	fsfd, err := unix.Fsopen("fuse", unix.FSOPEN_CLOEXEC)
	if err != nil {
		return -1, err
	}
	for _, o := range [][2]string{
		{"fd", fmt.Sprint(device.Fd())}, {"rootmode", "100600"}, {"user_id", "0"}, {"group_id", "0"}, {"source", "geli"},
	} {
		if err := unix.FsconfigSetString(fsfd, o[0], o[1]); err != nil {
			unix.Close(fsfd)
			return -1, err
		}
	}
	if err := unix.FsconfigCreate(fsfd); err != nil {
		unix.Close(fsfd)
		return -1, err
	}
	return fsfd, nil
}

func (s *servedFile) open(fsfd int) (err error) {
	if s.mount, err = unix.Fsmount(fsfd, unix.FSMOUNT_CLOEXEC, 0); err != nil {
		return err
	}
	s.file, err = os.OpenFile(fmt.Sprintf("self/fd/%d", s.mount), os.O_RDWR, 0)
	return err
}

// tell sends a message and waits until it has been taken.
func (s *servedFile) tell(m served) error {
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if _, err := s.control.Write(append(data, '\n')); err != nil {
		return err
	}
	_, err = s.control.Read(make([]byte, 1))
	return err
}

// Close takes the file away.
func (s *servedFile) Close() {
	if s.file != nil {
		s.file.Close()
	}
	if s.mount >= 0 {
		unix.Close(s.mount)
	}
	s.control.Close()
	if s.worker != nil {
		s.worker.Wait()
	}
}

// Fd is the file's descriptor.
func (s *servedFile) Fd() uintptr { return s.file.Fd() }

// Length is the file's size.
func (s *servedFile) Length() (int64, error) { return s.size, nil }

// SetLength changes the size, and has Linux notice.
func (s *servedFile) SetLength(n int64) error { return s.setSizes(n, 0) }

// setSizes also says how long the disk below is now; 0 is no change.
func (s *servedFile) setSizes(size, below int64) error {
	s.size = size
	if err := s.tell(served{Size: size, Below: below}); err != nil {
		return err
	}
	var st unix.Statx_t
	return unix.Statx(int(s.file.Fd()), "", unix.AT_EMPTY_PATH|unix.AT_STATX_FORCE_SYNC, unix.STATX_SIZE, &st)
}

// ServeDisk is the process that serves. Descriptors: 3 /dev/fuse, 4 the disk, 5 the kernel.
func ServeDisk([]string) int {
	signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	control := os.NewFile(5, "control")
	messages := json.NewDecoder(control)
	var first served
	if messages.Decode(&first) != nil {
		return 1
	}
	meta, err := geli.Decode(first.Metadata)
	if err != nil {
		return 1
	}
	xts, err := geli.NewXTS(meta, first.Master)
	if err != nil {
		return 1
	}
	file := &cipherFile{lower: os.NewFile(4, "disk"), below: first.Below, xts: xts, sector: int64(meta.SectorSize)}
	s := &diskServer{device: os.NewFile(3, "fuse"), size: first.Size, inside: file}
	go s.loop()
	control.Write([]byte{1})
	for {
		var m served
		if messages.Decode(&m) != nil {
			file.lower.Sync()
			return 0
		}
		atomic.StoreInt64(&s.size, m.Size)
		if m.Below != 0 {
			atomic.StoreInt64(&file.below, m.Below)
		}
		control.Write([]byte{1})
	}
}
