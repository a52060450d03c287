package programs

import "standin/kernel"

// zfs(8) and zpool(8): the kernel knows all that they say.
func init() { Register(zfs, "zfs", "zpool") }

func zfs(p *Process) int {
	var reply kernel.ZFSReply
	if err := p.Call("zfs.run", kernel.ZFSRequest{Program: p.Name, Args: p.Args}, &reply); err != nil {
		return p.Err(1, err, "/dev/zfs")
	}
	p.Printf("%s", reply.Out)
	p.Stdout.Flush()
	p.Errorf("%s", reply.Err)
	return reply.Status
}
