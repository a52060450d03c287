package programs

import (
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"standin/kernel"
)

// hostID is rc.d/hostid: the machine's uuid, from /etc/hostid, made at the first boot.
func (r *rcRun) hostID() {
	const file = "/etc/hostid"
	text, err := os.ReadFile(file)
	uuid := strings.TrimSpace(string(text))
	if err != nil || len(uuid) != 36 {
		uuid = newUUID()
		if err := writeSynced(file, []byte(uuid+"\n"), 0o644); err != nil {
			r.p.Warn(err, "%s", file)
		}
	}
	r.p.Printf("Setting hostuuid: %s.\n", uuid)
	r.p.Call("sysctl.set", kernel.SysctlRequest{Name: "kern.hostuuid", Value: uuid}, nil)
}

func newUUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// mountLocal is rc.d/mountcritlocal and mountlate: what fstab(5) has besides the root.
func (r *rcRun) mountLocal() {
	data, _ := os.ReadFile("/etc/fstab")
	for _, line := range strings.Split(string(data), "\n") {
		f := strings.Fields(line)
		if len(f) > 2 && !strings.HasPrefix(f[0], "#") && f[1] != "/" && f[2] != "swap" {
			r.p.Wait(r.p.child("/sbin/mount", "-a"))
			return
		}
	}
}

// zfs is rc.d/zpool and rc.d/zfs: the pools of the cache, and their data sets.
func (r *rcRun) zfs() {
	if !r.conf("zfs").Yes("zfs_enable") {
		return
	}
	r.p.Call("zfs.boot", nil, nil)
	r.p.Wait(r.p.child("/sbin/zfs", "mount", "-a"))
}

func (r *rcRun) hostname() {
	name := r.conf("hostname")["hostname"]
	if name == "" {
		return
	}
	r.p.Printf("Setting hostname: %s.\n", name)
	r.p.Stdout.Flush()
	r.p.Wait(r.p.child("/bin/hostname", name))
}

// cleanVar is rc.d/cleanvar: files of the last boot below /var/run go, folders stay.
func (r *rcRun) cleanVar() {
	if r.base.Yes("cleanvar_enable") {
		for _, dir := range []string{"/var/run", "/var/spool/lock"} {
			purge(dir)
		}
	}
}

func purge(dir string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		path := dir + "/" + e.Name()
		if e.IsDir() {
			purge(path)
		} else {
			os.Remove(path)
		}
	}
}

// varFolders is rc.d/var: the mail system's folders come from a list that a trimmed base lacks.
func (r *rcRun) varFolders() {
	if r.jail && !exists("/etc/mtree/BSD.sendmail.dist") {
		r.p.Stdout.Flush()
		r.p.Errorf("mtree: /etc/mtree/BSD.sendmail.dist: No such file or directory\n")
	}
}

func (r *rcRun) devfsRules() {
	if r.base.Yes("devfs_load_rulesets") {
		loadDevfsRules(r.p, strings.Fields(r.base["devfs_rulesets"]))
	}
}

func (r *rcRun) modules() {
	for _, name := range strings.Fields(r.conf("kld")["kld_list"]) {
		r.p.Wait(r.p.child("/sbin/kldload", "-n", name))
	}
}

func (r *rcRun) sysctls() {
	for _, file := range []string{"/etc/sysctl.conf", "/etc/sysctl.conf.local"} {
		data, _ := os.ReadFile(file)
		for _, line := range strings.Split(string(data), "\n") {
			line, _, _ = strings.Cut(line, "#")
			if line = strings.TrimSpace(line); line != "" {
				r.p.Wait(r.p.child("/sbin/sysctl", line))
			}
		}
	}
}

// ldconfig is rc.d/ldconfig: the folders of its list that there are.
func (r *rcRun) ldconfig() {
	paths := []string{"/lib", "/usr/lib"}
	for _, dir := range strings.Fields(r.base["ldconfig_paths"]) {
		if st, err := os.Stat(dir); err == nil && st.IsDir() {
			paths = append(paths, dir)
		}
	}
	r.p.Printf("ELF ldconfig path: %s\n32-bit compatibility ldconfig path:\n", strings.Join(paths, " "))
}

// clearTmp is rc.d/cleartmp.
func (r *rcRun) clearTmp() {
	sockets := []string{"/tmp/.X11-unix", "/tmp/.XIM-unix", "/tmp/.ICE-unix", "/tmp/.font-unix"}
	if r.base.Yes("clear_tmp_enable") {
		r.p.Printf("Clearing /tmp.\n")
		entries, _ := os.ReadDir("/tmp")
		for _, e := range entries {
			os.RemoveAll("/tmp/" + e.Name())
		}
	} else if r.base.Yes("clear_tmp_X") {
		r.p.Printf("Clearing /tmp (X related).\n")
		for _, dir := range sockets {
			os.RemoveAll(dir)
		}
	}
	if r.base.Yes("clear_tmp_X") {
		for _, dir := range sockets {
			os.Mkdir(dir, 0o777)
			os.Chmod(dir, 0o777|os.ModeSticky)
		}
	}
}

func (r *rcRun) osRelease() {
	if !r.base.Yes("osrelease_enable") {
		return
	}
	out, _ := exec.Command("/bin/freebsd-version", "-u").Output()
	version := strings.TrimSpace(string(out))
	number, _, _ := strings.Cut(version, "-")
	text := fmt.Sprintf("NAME=FreeBSD\nVERSION=\"%s\"\nVERSION_ID=\"%s\"\nID=freebsd\nANSI_COLOR=\"0;31\"\nPRETTY_NAME=\"FreeBSD %s\"\n"+
		"CPE_NAME=\"cpe:/o:freebsd:freebsd:%s\"\nHOME_URL=\"https://FreeBSD.org/\"\nBUG_REPORT_URL=\"https://bugs.FreeBSD.org/\"\n",
		version, number, version, number)
	os.WriteFile("/var/run/os-release", []byte(text), 0o444)
	r.p.Printf("Updating /var/run/os-release done.\n")
}

func (r *rcRun) newsyslog() {
	if !r.base.Yes("newsyslog_enable") {
		return
	}
	r.p.Printf("Creating and/or trimming log files.\n")
	data, _ := os.ReadFile("/etc/newsyslog.conf")
	for _, line := range strings.Split(string(data), "\n") {
		f := strings.Fields(line)
		if len(f) > 5 && strings.HasPrefix(f[0], "/") && strings.Contains(f[len(f)-1], "C") && !exists(f[0]) {
			os.WriteFile(f[0], nil, 0o600)
		}
	}
}

func (r *rcRun) motd() {
	if !r.base.Yes("update_motd") {
		return
	}
	r.p.Printf("Updating motd:")
	if text, err := os.ReadFile("/etc/motd.template"); err == nil {
		out, _ := exec.Command("/usr/bin/uname", "-sr").Output()
		os.WriteFile("/var/run/motd", append(out, text...), 0o644)
	}
	r.p.Printf(".\n")
}

// local is rc.d/local: /etc/rc.local.
func (r *rcRun) local() {
	if _, err := os.Stat("/etc/rc.local"); err == nil {
		r.p.Printf("Starting local daemons:")
		r.p.Wait(r.p.child("/bin/sh", "/etc/rc.local"))
		r.p.Printf(".\n")
	}
}

func (r *rcRun) secureLevel() {
	if r.base.Yes("kern_securelevel_enable") {
		r.p.Printf("Raising kernel security level: \n")
		r.p.Wait(r.p.child("/sbin/sysctl", "kern.securelevel="+r.base["kern_securelevel"]))
	}
}
