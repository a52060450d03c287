package programs

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
)

// NewSSHKey makes an ed25519 key in OpenSSH's own form (PROTOCOL.key): the private key's file and the public line.
func NewSSHKey(comment string) (private []byte, public string, err error) {
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, "", err
	}
	var blob bytes.Buffer
	sshString(&blob, []byte("ssh-ed25519"))
	sshString(&blob, pub)
	var check [4]byte
	if _, err := rand.Read(check[:]); err != nil {
		return nil, "", err
	}
	var secret bytes.Buffer
	secret.Write(check[:])
	secret.Write(check[:])
	secret.Write(blob.Bytes())
	sshString(&secret, key)
	sshString(&secret, []byte(comment))
	for pad := byte(1); secret.Len()%8 != 0; pad++ {
		secret.WriteByte(pad)
	}
	var file bytes.Buffer
	file.WriteString("openssh-key-v1\x00")
	sshString(&file, []byte("none"))
	sshString(&file, []byte("none"))
	sshString(&file, nil)
	binary.Write(&file, binary.BigEndian, uint32(1))
	sshString(&file, blob.Bytes())
	sshString(&file, secret.Bytes())
	public = "ssh-ed25519 " + base64.StdEncoding.EncodeToString(blob.Bytes()) + " " + comment
	return pem.EncodeToMemory(&pem.Block{Type: "OPENSSH PRIVATE KEY", Bytes: file.Bytes()}), public, nil
}

func sshString(to *bytes.Buffer, s []byte) {
	binary.Write(to, binary.BigEndian, uint32(len(s)))
	to.Write(s)
}
