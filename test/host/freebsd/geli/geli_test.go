package geli

import (
	"bytes"
	"testing"
)

func TestOnlyTheRightPassphraseOpensTheMasterKey(t *testing.T) {
	m, master := New(64<<20, 4096, 22, 256, 100)
	m.SetKey(0, Secret{Passphrase: []byte("secret"), HasPassphrase: true}, master)
	back, err := Decode(m.Encode())
	if err != nil || *back != *m {
		t.Fatal("metadata isn't what was written", err)
	}
	if got, slot := back.Master(Secret{Passphrase: []byte("secret"), HasPassphrase: true}); !bytes.Equal(got, master) || slot != 0 {
		t.Error("the right passphrase doesn't open it")
	}
	if got, _ := back.Master(Secret{Passphrase: []byte("wrong"), HasPassphrase: true}); got != nil {
		t.Error("a wrong passphrase opens it")
	}
	if back.MediaSize() != 131064*512 {
		t.Error(back.MediaSize())
	}
}

func TestSectorsComeBackAndDontShowThrough(t *testing.T) {
	m, master := New(1<<20, 512, 22, 256, 0)
	x, err := NewXTS(m, master)
	if err != nil {
		t.Fatal(err)
	}
	clear := bytes.Repeat([]byte("clear text here "), 64)
	buf := append([]byte{}, clear...)
	x.Encrypt(buf, 7)
	if bytes.Contains(buf, []byte("clear")) || bytes.Equal(buf[:512], buf[512:]) {
		t.Error("the text shows through")
	}
	x.Decrypt(buf, 7)
	if !bytes.Equal(buf, clear) {
		t.Error("it doesn't come back")
	}
}
