package programs

import (
	"os"
	"os/exec"
	"strings"

	"golang.org/x/sys/unix"
)

// lookPath is the search of execvp(3): the file that a command's name stands for. ENOENT if there is none.
func lookPath(name, path string) (string, error) {
	if strings.Contains(name, "/") {
		return name, nil
	}
	found := error(unix.ENOENT)
	for _, dir := range strings.Split(path, ":") {
		if dir == "" {
			dir = "."
		}
		file := dir + "/" + name
		st, err := stat(file)
		if err != nil || isDir(&st) {
			continue
		}
		if unix.Access(file, unix.X_OK) == nil {
			return file, nil
		}
		found = unix.EACCES
	}
	return "", found
}

// searchPath is the path that execvp(3) looks through.
func searchPath(environment []string) string {
	for i := len(environment) - 1; i >= 0; i-- {
		if strings.HasPrefix(environment[i], "PATH=") {
			return environment[i][len("PATH="):]
		}
	}
	return "/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"
}

// become is execvp(3): this process goes on as another program. It comes back with an error, or with the
// program's status where somebody waits to be told of our end.
func (p *Process) become(argv, environment []string) (status int, err error) {
	file, err := lookPath(argv[0], searchPath(environment))
	if err != nil {
		return 0, err
	}
	p.Stdout.Flush()
	if !p.after {
		err = unix.Exec(file, argv, environment)
		if err == unix.ENOEXEC {
			err = unix.Exec("/bin/sh", append([]string{"sh", file}, argv[1:]...), environment)
		}
		return 0, err
	}
	cmd := &exec.Cmd{Path: file, Args: argv, Env: environment, Stdin: p.Stdin, Stdout: os.Stdout, Stderr: p.Stderr}
	return p.Wait(cmd), nil
}

// notFoundStatus is what utilities that run others return when they can't: 127 if there is none, else 126.
func notFoundStatus(err error) int {
	if err == unix.ENOENT {
		return 127
	}
	return 126
}
