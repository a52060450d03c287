package kernel

// cipherDisk is a provider of geli(8).
type cipherDisk struct {
	*loop
	below string // the disk that it encrypts: "md0"
}

func (c *cipherDisk) follow(size int64) error { return nil }

// CipherInfo is what is told of a provider.
type CipherInfo struct {
	Name, Below string
}
