package kernel

// mayMount says whether a process of this jail may mount and unmount a type of file system (allow.mount.TYPE of
// jail(8)); the host may all.
func (j *Jail) mayMount(string) bool { return j == nil }

// enforceStatfs is how little of the host's mounts a jail sees (jail(8)).
func (j *Jail) enforceStatfs() int { return 2 }
