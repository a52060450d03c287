// doas and sudo for tests: as far as `doas -n COMMAND` and `sudo -n COMMAND` go. A setuid program that makes root of who
// stands in /usr/local/etc/become.conf ("permit nopass USER"), and refuses the others in the words of the real ones.
package main

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
)

func main() {
	name := filepath.Base(os.Args[0])
	args := os.Args[1:]
	if len(args) < 2 || args[0] != "-n" {
		fail("usage: " + name + " -n command [args]")
	}
	who, err := user.LookupId(fmt.Sprint(os.Getuid()))
	if err != nil {
		fail(name + ": who are you?")
	}
	rules, _ := os.ReadFile("/usr/local/etc/become.conf")
	switch text := string(rules); {
	case strings.Contains(text, "permit nopass "+who.Username+"\n"):
	case strings.Contains(text, "permit "+who.Username+"\n"):
		fail(map[string]string{"doas": "doas: Authentication required", "sudo": "sudo: a password is required"}[name])
	default:
		fail(map[string]string{"doas": "doas: Operation not permitted", "sudo": who.Username + " is not in the sudoers file."}[name])
	}
	if err := syscall.Setgid(0); err != nil {
		fail(err.Error())
	}
	if err := syscall.Setuid(0); err != nil {
		fail(err.Error())
	}
	fail(syscall.Exec(args[1], args[1:], os.Environ()).Error())
}

func fail(text string) {
	fmt.Fprintln(os.Stderr, text)
	os.Exit(1)
}
