package kernel

// disks is the state of mounts, memory disks and file systems.
type disks struct{}
