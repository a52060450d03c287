package geli

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
)

// XTS encrypts sectors: AES-XTS, the sector's number being the tweak (IEEE 1619).
type XTS struct {
	data, tweak cipher.Block
	sector      int
}

// NewXTS takes its two keys from the data key of a master key.
func NewXTS(m *Metadata, master []byte) (*XTS, error) {
	n := int(m.KeyLength) / 8
	key := master[keySize:]
	data, err := aes.NewCipher(key[:n])
	if err != nil {
		return nil, err
	}
	tweak, err := aes.NewCipher(key[n : 2*n])
	return &XTS{data, tweak, int(m.SectorSize)}, err
}

// Encrypt and Decrypt work on whole sectors, in place; the first has this number.
func (x *XTS) Encrypt(buf []byte, first int64) { x.each(buf, first, x.data.Encrypt) }

// Decrypt undoes Encrypt.
func (x *XTS) Decrypt(buf []byte, first int64) { x.each(buf, first, x.data.Decrypt) }

func (x *XTS) each(buf []byte, number int64, crypt func(dst, src []byte)) {
	for len(buf) >= x.sector {
		x.one(buf[:x.sector], number, crypt)
		buf, number = buf[x.sector:], number+1
	}
}

func (x *XTS) one(buf []byte, number int64, crypt func(dst, src []byte)) {
	var t [aes.BlockSize]byte
	binary.LittleEndian.PutUint64(t[:], uint64(number))
	x.tweak.Encrypt(t[:], t[:])
	for ; len(buf) > 0; buf = buf[aes.BlockSize:] {
		block := buf[:aes.BlockSize]
		for i := range block {
			block[i] ^= t[i]
		}
		crypt(block, block)
		for i := range block {
			block[i] ^= t[i]
		}
		double(&t)
	}
}

// double multiplies by x in GF(2^128).
func double(t *[aes.BlockSize]byte) {
	carry := byte(0)
	for i := range t {
		next := t[i] >> 7
		t[i] = t[i]<<1 | carry
		carry = next
	}
	if carry != 0 {
		t[0] ^= 0x87
	}
}
