// Package geli has the metadata and the keys of geli(8), as sys/geom/eli/g_eli.h and g_eli_key.c define them.
package geli

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

const (
	magic   = "GEOM::ELI"
	version = 7
	// FlagAutoResize has the provider follow the size of what it lies on.
	FlagAutoResize = 0x200

	sectorSize = 512
	saltSize   = 64
	keySize    = 64  // of the data key, and of the IV key
	mkeySize   = 192 // both, and their HMAC
	slots      = 2
)

// Metadata is struct g_eli_metadata: the last sector of the provider.
type Metadata struct {
	Flags      uint32
	Algorithm  uint16
	KeyLength  uint16
	Size       uint64 // of the provider
	SectorSize uint32
	Keys       uint8 // slots in use, as bits
	Iterations int32
	Salt       [saltSize]byte
	MasterKeys [slots * mkeySize]byte
}

// ErrNone says that a sector has no metadata.
var ErrNone = errors.New("no geli metadata")

// Algorithms by number (opencrypto/cryptodev.h).
var algorithms = []struct {
	number uint16
	name   string
}{{22, "AES-XTS"}, {11, "AES-CBC"}, {21, "Camellia-CBC"}, {16, "NULL"}}

// AlgorithmNamed is a cipher's number.
func AlgorithmNamed(name string) (uint16, bool) {
	for _, a := range algorithms {
		if strings.EqualFold(a.name, name) || strings.EqualFold(strings.TrimSuffix(a.name, "-XTS"), name) {
			return a.number, true
		}
	}
	return 0, false
}

// AlgorithmName is a cipher's name.
func (m *Metadata) AlgorithmName() string {
	for _, a := range algorithms {
		if a.number == m.Algorithm {
			return a.name
		}
	}
	return "unknown"
}

// Encode is eli_metadata_encode.
func (m *Metadata) Encode() []byte {
	b := &bytes.Buffer{}
	var name [16]byte
	copy(name[:], magic)
	b.Write(name[:])
	for _, v := range []any{uint32(version), m.Flags, m.Algorithm, m.KeyLength, uint16(0), m.Size, m.SectorSize, m.Keys, m.Iterations} {
		binary.Write(b, binary.LittleEndian, v)
	}
	b.Write(m.Salt[:])
	b.Write(m.MasterKeys[:])
	sum := md5.Sum(b.Bytes())
	b.Write(sum[:])
	b.Write(make([]byte, sectorSize-b.Len()))
	return b.Bytes()
}

const encoded = 16 + 4 + 4 + 2 + 2 + 2 + 8 + 4 + 1 + 4 + saltSize + slots*mkeySize

// Decode reads a sector.
func Decode(sector []byte) (*Metadata, error) {
	if len(sector) < encoded+md5.Size || string(bytes.TrimRight(sector[:16], "\x00")) != magic {
		return nil, ErrNone
	}
	if sum := md5.Sum(sector[:encoded]); !bytes.Equal(sum[:], sector[encoded:encoded+md5.Size]) {
		return nil, ErrNone
	}
	m, r := &Metadata{}, bytes.NewReader(sector[20:])
	var skip uint16
	for _, v := range []any{&m.Flags, &m.Algorithm, &m.KeyLength, &skip, &m.Size, &m.SectorSize, &m.Keys, &m.Iterations, &m.Salt, &m.MasterKeys} {
		if err := binary.Read(r, binary.LittleEndian, v); err != nil {
			return nil, ErrNone
		}
	}
	return m, nil
}

// MediaSize is how long the decrypted provider is.
func (m *Metadata) MediaSize() int64 {
	size := int64(m.Size) - sectorSize
	return size - size%int64(m.SectorSize)
}

// Dump is what geli dump prints.
func (m *Metadata) Dump() string {
	sum := md5.Sum(m.Encode()[:encoded])
	return fmt.Sprintf("     magic: %s\n   version: %d\n     flags: 0x%x\n     ealgo: %s\n    keylen: %d\n  provsize: %d\n"+
		"sectorsize: %d\n      keys: 0x%02x\niterations: %d\n      Salt: %x\nMaster Key: %x\n  MD5 hash: %x\n\n",
		magic, version, m.Flags, m.AlgorithmName(), m.KeyLength, m.Size, m.SectorSize, m.Keys, m.Iterations, m.Salt, m.MasterKeys, sum)
}

// New makes metadata with a fresh master key.
func New(size int64, sector uint32, algorithm, keyLength uint16, iterations int32) (m *Metadata, master []byte) {
	m = &Metadata{Flags: FlagAutoResize, Algorithm: algorithm, KeyLength: keyLength, Size: uint64(size), SectorSize: sector, Iterations: iterations}
	rand.Read(m.Salt[:])
	rand.Read(m.MasterKeys[:])
	master = make([]byte, 2*keySize)
	rand.Read(master)
	return m, master
}

// Secret is what a user knows: key files, one after another, and a passphrase.
type Secret struct {
	KeyFiles      []byte
	Passphrase    []byte
	HasPassphrase bool
}

// userKey is the key that encrypts the master key (eli_genkey).
func (m *Metadata) userKey(s Secret) []byte {
	h := hmac.New(sha512.New, nil)
	h.Write(s.KeyFiles)
	if s.HasPassphrase {
		if m.Iterations > 0 {
			h.Write(pbkdf2(s.Passphrase, m.Salt[:], int(m.Iterations)))
		} else {
			h.Write(m.Salt[:])
			h.Write(s.Passphrase)
		}
	}
	return h.Sum(nil)
}

// pbkdf2 is pkcs5v2_genkey for one block of SHA-512.
func pbkdf2(password, salt []byte, iterations int) []byte {
	h := hmac.New(sha512.New, password)
	h.Write(salt)
	h.Write([]byte{0, 0, 0, 1})
	u := h.Sum(nil)
	out := append([]byte{}, u...)
	for i := 1; i < iterations; i++ {
		h.Reset()
		h.Write(u)
		u = h.Sum(u[:0])
		for j := range out {
			out[j] ^= u[j]
		}
	}
	return out
}

func mac(key, data []byte) []byte {
	h := hmac.New(sha512.New, key)
	h.Write(data)
	return h.Sum(nil)
}

// crypt encrypts or decrypts a master key (AES-CBC without an IV, as g_eli_mkey_encrypt does).
func (m *Metadata) crypt(user, data []byte, encrypt bool) {
	block, err := aes.NewCipher(mac(user, []byte{1})[:m.KeyLength/8])
	if err != nil {
		panic(err)
	}
	iv := make([]byte, block.BlockSize())
	if encrypt {
		cipher.NewCBCEncrypter(block, iv).CryptBlocks(data, data)
		return
	}
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(data, data)
}

// SetKey puts the master key into a slot, for a secret.
func (m *Metadata) SetKey(slot int, s Secret, master []byte) {
	user := m.userKey(s)
	data := append(append([]byte{}, master...), mac(mac(user, []byte{0}), master)...)
	m.crypt(user, data, true)
	copy(m.MasterKeys[slot*mkeySize:], data)
	m.Keys |= 1 << slot
}

// Master is the master key and the slot that a secret opens; nil if none.
func (m *Metadata) Master(s Secret) (master []byte, slot int) {
	user := m.userKey(s)
	for slot = 0; slot < slots; slot++ {
		if m.Keys&(1<<slot) == 0 {
			continue
		}
		data := append([]byte{}, m.MasterKeys[slot*mkeySize:(slot+1)*mkeySize]...)
		m.crypt(user, data, false)
		if master = data[:2*keySize]; hmac.Equal(mac(mac(user, []byte{0}), master), data[2*keySize:]) {
			return master, slot
		}
	}
	return nil, -1
}

// DropKey forgets a slot.
func (m *Metadata) DropKey(slot int) {
	rand.Read(m.MasterKeys[slot*mkeySize : (slot+1)*mkeySize])
	m.Keys &^= 1 << slot
}
