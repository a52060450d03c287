// What @pulumi/command does for each of its operations: a new connection, a session on it, a command, and the end.
// It uses the same library (golang.org/x/crypto/ssh).
// new-connection ADDRESS KEYFILE COUNT PARALLEL COMMAND
package main

import (
	"fmt"
	"os"
	"strconv"
	"sync"

	"golang.org/x/crypto/ssh"
)

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(address, keyFile, count, parallel, command string) error {
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return err
	}
	signer, err := ssh.ParsePrivateKey(key)
	if err != nil {
		return err
	}
	config := &ssh.ClientConfig{
		User:            "root",
		Auth:            []ssh.AuthMethod{ssh.PublicKeys(signer)},
		HostKeyCallback: ssh.InsecureIgnoreHostKey(), // as there, unless hostKey is given
	}
	operations, _ := strconv.Atoi(count)
	atOnce, _ := strconv.Atoi(parallel)
	slots := make(chan struct{}, atOnce)
	failures := make(chan error, operations)
	var all sync.WaitGroup
	for i := 0; i < operations; i++ {
		all.Add(1)
		slots <- struct{}{}
		go func() {
			defer func() { <-slots; all.Done() }()
			if err := operation(address, config, command); err != nil {
				failures <- err
			}
		}()
	}
	all.Wait()
	close(failures)
	return <-failures
}

func operation(address string, config *ssh.ClientConfig, command string) error {
	client, err := ssh.Dial("tcp", address, config)
	if err != nil {
		return err
	}
	defer client.Close()
	session, err := client.NewSession()
	if err != nil {
		return err
	}
	defer session.Close()
	_, err = session.Output(command)
	return err
}
