package programs

import (
	"crypto/rand"
	"crypto/sha512"
)

// cryptSHA512 is crypt(3) with "$6$" and 5000 rounds, as Ulrich Drepper specified it.
func cryptSHA512(password, salt string) string {
	key, s := []byte(password), []byte(salt)
	b := sha512.New()
	b.Write(key)
	b.Write(s)
	b.Write(key)
	sumB := b.Sum(nil)
	a := sha512.New()
	a.Write(key)
	a.Write(s)
	a.Write(repeatTo(sumB, len(key)))
	for n := len(key); n > 0; n >>= 1 {
		if n&1 != 0 {
			a.Write(sumB)
		} else {
			a.Write(key)
		}
	}
	sum := a.Sum(nil)
	dp := sha512.New()
	for range key {
		dp.Write(key)
	}
	p := repeatTo(dp.Sum(nil), len(key))
	ds := sha512.New()
	for i := 0; i < 16+int(sum[0]); i++ {
		ds.Write(s)
	}
	t := repeatTo(ds.Sum(nil), len(s))
	for i := 0; i < 5000; i++ {
		sum = cryptRound(i, sum, p, t)
	}
	return "$6$" + salt + "$" + cryptText(sum)
}

func cryptRound(i int, sum, p, s []byte) []byte {
	c := sha512.New()
	if i%2 != 0 {
		c.Write(p)
	} else {
		c.Write(sum)
	}
	if i%3 != 0 {
		c.Write(s)
	}
	if i%7 != 0 {
		c.Write(p)
	}
	if i%2 != 0 {
		c.Write(sum)
	} else {
		c.Write(p)
	}
	return c.Sum(nil)
}

func repeatTo(block []byte, length int) (out []byte) {
	for len(out) < length {
		out = append(out, block...)
	}
	return out[:length]
}

const cryptLetters = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// cryptText writes the digest in crypt's order of bytes.
func cryptText(sum []byte) string {
	var out []byte
	put := func(a, b, c byte, letters int) {
		v := uint32(a)<<16 | uint32(b)<<8 | uint32(c)
		for ; letters > 0; letters-- {
			out = append(out, cryptLetters[v&63])
			v >>= 6
		}
	}
	x, y, z := 0, 21, 42
	for i := 0; i < 21; i++ {
		put(sum[x], sum[y], sum[z], 4)
		x, y, z = y+1, z+1, x+1
	}
	put(0, 0, sum[63], 2)
	return string(out)
}

// newSalt is a fresh salt of 16 letters.
func newSalt() string {
	b := make([]byte, 16)
	rand.Read(b)
	for i := range b {
		b[i] = cryptLetters[b[i]&63]
	}
	return string(b)
}
