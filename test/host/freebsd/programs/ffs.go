package programs

import "golang.org/x/sys/unix"

// What FFS (ffs(7), blocks of 32 KB, fragments of 4 KB) would say of sizes where the file system below says otherwise.
const (
	ffsBlock    = 32 << 10
	ffsFragment = 4 << 10
	ffsDirect   = 12 * ffsBlock
	ffsPerBlock = ffsBlock / 8
	dirBlock    = 512
)

// shownSize is st_size as FreeBSD has it: folders are counted in blocks of 512 bytes.
func shownSize(path string, st *unix.Stat_t) int64 {
	if !isDir(st) {
		return st.Size
	}
	if onDevfs(path) {
		return dirBlock
	}
	return ffsDirSize(path)
}

// shownBlocks is st_blocks: half kilobytes on the disk.
func shownBlocks(path string, st *unix.Stat_t) int64 {
	switch {
	case isDir(st) && onDevfs(path):
		return 1
	case isDir(st):
		return roundUp(ffsDirSize(path), ffsFragment) / 512
	case !isFile(st) || st.Size == 0:
		return 0
	}
	used := st.Blocks * 512
	if used < st.Size {
		used += lastBlock(st.Size) // it is there at the end of every file, hole or not
	}
	if st.Size <= ffsDirect {
		return roundUp(used, ffsFragment) / 512
	}
	used = roundUp(used, ffsBlock)
	return (used + indirectBlocks(used)) / 512
}

func lastBlock(size int64) int64 {
	if size > ffsDirect {
		return ffsBlock
	}
	return roundUp(size%ffsBlock, ffsFragment)
}

func indirectBlocks(used int64) int64 {
	blocks := (used + ffsBlock - 1) / ffsBlock
	count := int64(1)
	if blocks > ffsPerBlock {
		count += 1 + blocks/ffsPerBlock
	}
	return count * ffsBlock
}

func roundUp(n, unit int64) int64 { return (n + unit - 1) / unit * unit }

func onDevfs(path string) bool {
	var fs unix.Statfs_t
	return unix.Statfs(path, &fs) == nil && fs.Type == unix.TMPFS_MAGIC
}

// ffsDirSize puts the entries into blocks of 512 bytes, each into the first that has room, as ufs_direnter does.
func ffsDirSize(path string) int64 {
	list, err := namesAsMade(path)
	if err != nil {
		return dirBlock
	}
	free := []int{dirBlock - 12 - 12} // "." and ".."
	for _, name := range list {
		need := (8 + len(name) + 1 + 3) &^ 3
		placed := false
		for i := range free {
			if free[i] >= need {
				free[i] -= need
				placed = true
				break
			}
		}
		if !placed {
			free = append(free, dirBlock-need)
		}
	}
	return int64(len(free)) * dirBlock
}
