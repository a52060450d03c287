package machine

import (
	"bytes"
	"os"

	"standin/programs"
)

// makeUserKey writes a fresh private key for the machine's root and returns its public line.
func makeUserKey(file string) (string, error) {
	private, public, err := programs.NewSSHKey("stand-in")
	if err != nil {
		return "", err
	}
	return public, os.WriteFile(file, private, 0o600)
}

// letIn adds a key to those that the machine's root may log in with.
func letIn(key string) error {
	const dir, file = "/root/.ssh", "/root/.ssh/authorized_keys"
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if known, err := os.ReadFile(file); err == nil && bytes.Contains(known, []byte(key)) {
		return nil
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.WriteString(key + "\n"); err != nil {
		return err
	}
	return f.Sync()
}
