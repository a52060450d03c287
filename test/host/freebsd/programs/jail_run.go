package programs

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"standin/bsd"
	"standin/kernel"
)

// createJail is create_jail: the system call, after a look at the path.
func (r *jailer) createJail(j *jailConfig) bool {
	path, given := j.text("path")
	var root []*os.File
	if given {
		if j.name != "" && !strings.HasPrefix(path, "/") {
			r.warn(j, "path %s: not an absolute pathname", path)
			return false
		}
		f, err := os.OpenFile(path, unix.O_PATH|unix.O_DIRECTORY, 0)
		if err != nil {
			r.warn(j, "path %s: %s", path, bsd.Strerror(err))
			return false
		}
		defer f.Close()
		root = append(root, f)
	}
	params, err := r.imported(j)
	if err == nil {
		if !j.on("persist") && j.hasCommands() {
			j.persisted = true
			params = append(withoutParam(params, "persist"), kernel.ParamValue{Name: "persist"})
		}
		_, err = r.p.CallFiles("jail.set", kernel.JailSetRequest{Create: true, Params: params}, &j.jid, root...)
	}
	if err != nil {
		j.jid = -1
		r.warn(j, "%s", jailError(err))
		return false
	}
	if r.interactive {
		r.p.Printf("%d\n", j.jid)
	}
	if r.verbose >= 0 && (j.name != "" || r.verbose > 0) {
		r.note(j, "created")
	}
	r.p.Stdout.Flush()
	return true
}

func withoutParam(params []kernel.ParamValue, name string) (rest []kernel.ParamValue) {
	for _, v := range params {
		if v.Name != name {
			rest = append(rest, v)
		}
	}
	return rest
}

// hasCommands says whether something is to run once the jail is there, so that it has to persist until then.
func (j *jailConfig) hasCommands() bool {
	for _, name := range []string{"exec.created", "exec.start", "command", "exec.poststart", "vnet.interface"} {
		if len(j.list(name)) > 0 {
			return true
		}
	}
	return false
}

func (r *jailer) removeJail(j *jailConfig) bool {
	if err := r.p.Call("jail.remove", j.jid, nil); bsd.Errno(err) == syscall.EPERM {
		r.warn(j, "jail_remove: %s", bsd.Strerror(err))
		return false
	}
	j.jid = -1
	if r.verbose > 0 || r.verbose == 0 && (r.stop && r.noteRemove || !r.stop && j.name != "") {
		r.note(j, "removed")
	}
	return true
}

// terminate is term_procs: it asks the jail's processes to end, and waits for that, but not for ever.
func (r *jailer) terminate(j *jailConfig) {
	limit := 10
	if text, given := j.text("stop.timeout"); given {
		limit, _ = strconv.Atoi(text)
	}
	if limit == 0 {
		return
	}
	var list []kernel.ProcessInfo
	r.p.Call("ps.list", nil, &list)
	var left []int
	for _, p := range list {
		if p.JID == j.jid && p.PID > 1 && unix.Kill(p.PID, unix.SIGTERM) == nil {
			left = append(left, p.PID)
		}
	}
	for deadline := time.Now().Add(time.Duration(limit) * time.Second); len(left) > 0 && time.Now().Before(deadline); {
		if unix.Kill(left[0], 0) != nil {
			left = left[1:]
			continue
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// command runs one command and waits for it: argv, or the text of the action, by the shell if it needs one.
func (r *jailer) command(j *jailConfig, a action, argv []string) bool {
	background := false
	if argv == nil {
		if argv, background = commandLine(a); a.step == "command" && a.text == "" {
			argv = j.list("command")
		}
	}
	if len(argv) == 0 {
		return true
	}
	line := strings.Join(argv, " ")
	inside := a.step == "exec.start" || a.step == "exec.stop" || a.step == "command"
	x := &jailCommand{r: r, j: j, argv: argv, inside: inside, stdout: os.Stdout, stderr: r.p.Stderr}
	if inside && !x.openLog() {
		return false
	}
	if r.verbose > 0 {
		where := ""
		if inside {
			where = " in jail"
		}
		r.note(j, fmt.Sprintf("run command%s: %s", where, line))
	}
	r.p.Stdout.Flush()
	cmd, message := x.start()
	if message != "" {
		r.warn(j, "%s", message)
		r.warn(j, "%s: failed", line)
		return false
	}
	if background {
		return true
	}
	return r.wait(j, x, cmd, line)
}

// wait waits for a command, no longer than exec.timeout says. One that takes longer is left alone, as jail(8) does.
func (r *jailer) wait(j *jailConfig, x *jailCommand, cmd *exec.Cmd, line string) bool {
	ended := make(chan struct{})
	go func() {
		cmd.Wait()
		close(ended)
	}()
	var late <-chan time.Time
	if text, given := j.text("exec.timeout"); given {
		if limit, _ := strconv.Atoi(text); limit > 0 {
			late = time.After(time.Duration(limit) * time.Second)
		}
	}
	select {
	case <-late:
		r.warn(j, "%s: timed out", line)
		return false
	case <-ended:
	}
	if x.inside {
		r.p.detached()
	}
	w := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if w.Signaled() {
		r.warn(j, "%s: exited on signal %d", line, w.Signal())
		return false
	}
	if w.ExitStatus() != 0 {
		r.warn(j, "%s: failed", line)
		return false
	}
	return true
}
