// Package bsd holds what FreeBSD and Linux name differently.
package bsd

import "syscall"

// texts are the messages of FreeBSD's lib/libc/gen/errlst.c where Linux has other words or other cases.
func text(e syscall.Errno) string {
	switch e {
	case syscall.EPERM:
		return "Operation not permitted"
	case syscall.ENOENT:
		return "No such file or directory"
	case syscall.ESRCH:
		return "No such process"
	case syscall.EINTR:
		return "Interrupted system call"
	case syscall.EIO:
		return "Input/output error"
	case syscall.ENXIO:
		return "Device not configured"
	case syscall.E2BIG:
		return "Argument list too long"
	case syscall.ENOEXEC:
		return "Exec format error"
	case syscall.EBADF:
		return "Bad file descriptor"
	case syscall.ECHILD:
		return "No child processes"
	case syscall.EDEADLK:
		return "Resource deadlock avoided"
	case syscall.ENOMEM:
		return "Cannot allocate memory"
	case syscall.EACCES:
		return "Permission denied"
	case syscall.EFAULT:
		return "Bad address"
	case syscall.ENOTBLK:
		return "Block device required"
	case syscall.EBUSY:
		return "Device busy"
	case syscall.EEXIST:
		return "File exists"
	case syscall.EXDEV:
		return "Cross-device link"
	case syscall.ENODEV:
		return "Operation not supported by device"
	case syscall.ENOTDIR:
		return "Not a directory"
	case syscall.EISDIR:
		return "Is a directory"
	case syscall.EINVAL:
		return "Invalid argument"
	case syscall.ENFILE:
		return "Too many open files in system"
	case syscall.EMFILE:
		return "Too many open files"
	case syscall.ENOTTY:
		return "Inappropriate ioctl for device"
	case syscall.ETXTBSY:
		return "Text file busy"
	case syscall.EFBIG:
		return "File too large"
	case syscall.ENOSPC:
		return "No space left on device"
	case syscall.ESPIPE:
		return "Illegal seek"
	case syscall.EROFS:
		return "Read-only file system"
	case syscall.EMLINK:
		return "Too many links"
	case syscall.EPIPE:
		return "Broken pipe"
	case syscall.EDOM:
		return "Numerical argument out of domain"
	case syscall.ERANGE:
		return "Result too large"
	case syscall.EAGAIN:
		return "Resource temporarily unavailable"
	case syscall.EOPNOTSUPP:
		return "Operation not supported"
	case syscall.EADDRINUSE:
		return "Address already in use"
	case syscall.EADDRNOTAVAIL:
		return "Can't assign requested address"
	case syscall.ENETDOWN:
		return "Network is down"
	case syscall.ENETUNREACH:
		return "Network is unreachable"
	case syscall.ECONNRESET:
		return "Connection reset by peer"
	case syscall.ETIMEDOUT:
		return "Operation timed out"
	case syscall.ECONNREFUSED:
		return "Connection refused"
	case syscall.ELOOP:
		return "Too many levels of symbolic links"
	case syscall.ENAMETOOLONG:
		return "File name too long"
	case syscall.EHOSTUNREACH:
		return "No route to host"
	case syscall.ENOTEMPTY:
		return "Directory not empty"
	case syscall.EDQUOT:
		return "Disc quota exceeded"
	case syscall.ESTALE:
		return "Stale NFS file handle"
	case syscall.ENOSYS:
		return "Function not implemented"
	case syscall.EOVERFLOW:
		return "Value too large to be stored in data type"
	case syscall.EPROTONOSUPPORT:
		return "Protocol not supported"
	}
	return ""
}

// Errno finds the errno inside an error, or 0.
func Errno(err error) syscall.Errno {
	for err != nil {
		if e, ok := err.(syscall.Errno); ok {
			return e
		}
		u, ok := err.(interface{ Unwrap() error })
		if !ok {
			return 0
		}
		err = u.Unwrap()
	}
	return 0
}

// Strerror says what FreeBSD's strerror(3) says of an error, whatever wraps it.
func Strerror(err error) string {
	if err == nil {
		return "No error: 0"
	}
	e := Errno(err)
	if e == 0 {
		return err.Error()
	}
	if s := text(e); s != "" {
		return s
	}
	return e.Error()
}
