package kernel

type memoryDisk struct{}

type cipherDisk struct{}
