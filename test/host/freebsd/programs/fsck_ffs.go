package programs

import (
	"fmt"
	"os"

	"standin/kernel"
)

// fsck_ffs follows fsck_ffs(8), sbin/fsck_ffs/main.c and setup.c: its phases are e2fsck's here.
func init() { Register(fsckFFS, "fsck_ffs", "fsck_ufs", "fsck_4.2bsd") }

const fsckUsage = "usage: %s [-BCdEFfnpRrSyZ] [-b block] [-c level] [-m mode] filesystem ...\n"

type fsckRun struct {
	p                    *Process
	preen, yes, no, skip bool
	force                bool
}

func fsckFFS(p *Process) int {
	f := &fsckRun{p: p}
	found, rest, ok := p.options("Bb:Cc:dEFfm:npRrSyZz")
	for _, o := range found {
		switch o.Letter {
		case 'C':
			f.skip = true
		case 'f':
			f.force = true
		case 'n':
			f.no = true
		case 'p':
			f.preen, f.skip = true, true
		case 'y':
			f.yes = true
		}
	}
	if !ok || len(rest) == 0 {
		return p.Usage(1, fmt.Sprintf(fsckUsage, p.Name))
	}
	status := 0
	for _, name := range rest {
		if s := f.check(name); s != 0 {
			status = s
		}
	}
	return status
}

func (f *fsckRun) check(name string) int {
	p := f.p
	device := devicePath(name)
	if fs := p.mountedAt(name); fs != nil && fs.Type == "ufs" {
		device = fs.From
	}
	var state kernel.UFSReply
	if err := p.Call("ufs.read", kernel.UFSRequest{Disk: device}, &state); err != nil {
		p.Printf("Can't stat %s: %s\n", device, errorText(err))
		return 3
	}
	if !f.preen {
		p.Printf("** %s", device)
		if f.no || state.Writable {
			p.Printf(" (NO WRITE)")
		}
		p.Printf("\n")
	}
	switch {
	case state.Found && state.Writable && f.preen:
		p.Printf("%s: NO WRITE ACCESS\n%s: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.\n", device, device)
		return 8
	case !state.Found:
		p.Printf("Cannot find file system superblock\n")
		if f.yes {
			p.Printf("\nLOOK FOR ALTERNATE SUPERBLOCKS? yes\n\nSEARCH FOR ALTERNATE SUPER-BLOCK FAILED. YOU MUST USE THE\n" +
				"-b OPTION TO FSCK TO SPECIFY THE LOCATION OF AN ALTERNATE\nSUPER-BLOCK TO SUPPLY NEEDED INFORMATION; SEE fsck_ffs(8).\n")
		}
		return 3
	case state.Clean && f.skip && !f.force:
		p.Printf("%s: FILE SYSTEM CLEAN; SKIPPING CHECKS\n%s: clean, %s\n", device, device, freeText(state))
		return 0
	}
	return f.phases(device, state)
}

func (f *fsckRun) phases(device string, state kernel.UFSReply) int {
	p := f.p
	var done kernel.UFSReply
	err := p.Call("ufs.check", kernel.UFSRequest{Disk: device, Repair: !f.no && !state.Writable}, &done)
	if err != nil {
		p.Printf("%s: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.\n", device)
		return 8
	}
	if f.preen {
		p.Printf("%s: %d files, %d used, %s\n", device, done.Files, done.Used, freeText(done))
		return 0
	}
	p.Printf("** Last Mounted on %s\n** Phase 1 - Check Blocks and Sizes\n** Phase 2 - Check Pathnames\n"+
		"** Phase 3 - Check Connectivity\n** Phase 4 - Check Reference Counts\n** Phase 5 - Check Cyl groups\n", done.Last)
	p.Printf("%d files, %d used, %s\n", done.Files, done.Used, freeText(done))
	if done.Clean {
		p.Printf("\n***** FILE SYSTEM IS CLEAN *****\n")
	} else if !f.no && !state.Writable {
		p.Printf("\n***** FILE SYSTEM MARKED CLEAN *****\n\n***** FILE SYSTEM WAS MODIFIED *****\n")
	}
	return 0
}

// freeText counts what is free. How many fragments stand alone, FFS knows better: each tail of a file leaves some.
func freeText(state kernel.UFSReply) string {
	data := state.Layout.Data()
	free := data - state.Used
	per := state.Layout.BlockSize / state.Layout.FragmentSize
	alone := data%per + (2*per-state.Used%(2*per))%(2*per)
	if alone > free || (free-alone)%per != 0 {
		alone = free % per
	}
	return fmt.Sprintf("%d free (%d frags, %d blocks, %.1f%% fragmentation)", free, alone, (free-alone)/per,
		float64(alone)*100/float64(data))
}

// fsck follows fsck(8): it only finds the program for a type of file system.
func init() { Register(fsck, "fsck") }

func fsck(p *Process) int {
	const usage = "usage: fsck [-BCdfFnprvy] [-l max_parallel] [-T fstype:fsoptions]\n            [-t fstype] [-c fstab] [special | node] ...\n"
	found, rest, ok := p.options("BCdfFnpryvDl:T:t:c:")
	if !ok {
		return p.Usage(1, usage)
	}
	var args []string
	for _, o := range found {
		if o.Value == "" && o.Letter != 'v' && o.Letter != 'd' {
			args = append(args, "-"+string(o.Letter))
		}
	}
	if len(rest) == 0 {
		return 0
	}
	status := 0
	for _, name := range rest {
		if _, err := os.Stat(devicePath(name)); err != nil {
			return p.Errx(1, "Could not determine filesystem type")
		}
		if s := p.Wait(p.child("/sbin/fsck_ufs", append(append([]string{}, args...), name)...)); s > status {
			status = s
		}
	}
	return status
}
