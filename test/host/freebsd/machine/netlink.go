package machine

import (
	"encoding/binary"
	"net"

	"golang.org/x/sys/unix"
)

// linkUp sets the machine's one Linux interface up, with the addresses that the host has on QEMU's network: its
// own and the gateway's, which connections come from.
func linkUp() error {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	const lo = 1
	link := make([]byte, unix.SizeofIfInfomsg)
	binary.LittleEndian.PutUint32(link[4:], lo)
	binary.LittleEndian.PutUint32(link[8:], unix.IFF_UP)
	binary.LittleEndian.PutUint32(link[12:], unix.IFF_UP)
	if err := netlink(fd, unix.RTM_NEWLINK, 0, link); err != nil {
		return err
	}
	for _, text := range []string{HostAddress, GatewayAddress} {
		ip := net.ParseIP(text).To4()
		msg := make([]byte, unix.SizeofIfAddrmsg)
		msg[0], msg[1] = unix.AF_INET, 24
		binary.LittleEndian.PutUint32(msg[4:], lo)
		for _, kind := range []uint16{unix.IFA_LOCAL, unix.IFA_ADDRESS} {
			attr := make([]byte, 8)
			binary.LittleEndian.PutUint16(attr, 8)
			binary.LittleEndian.PutUint16(attr[2:], kind)
			copy(attr[4:], ip)
			msg = append(msg, attr...)
		}
		if err := netlink(fd, unix.RTM_NEWADDR, unix.NLM_F_CREATE, msg); err != nil {
			return err
		}
	}
	return nil
}

// The addresses on QEMU's user network, as the recorded host had them.
const (
	HostAddress    = "10.0.2.15"
	GatewayAddress = "10.0.2.2"
)

func netlink(fd int, kind uint16, flags uint16, body []byte) error {
	msg := make([]byte, unix.NLMSG_HDRLEN, unix.NLMSG_HDRLEN+len(body))
	binary.LittleEndian.PutUint32(msg, uint32(unix.NLMSG_HDRLEN+len(body)))
	binary.LittleEndian.PutUint16(msg[4:], kind)
	binary.LittleEndian.PutUint16(msg[6:], unix.NLM_F_REQUEST|unix.NLM_F_ACK|flags)
	if err := unix.Sendto(fd, append(msg, body...), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return err
	}
	answer := make([]byte, 4096)
	n, _, err := unix.Recvfrom(fd, answer, 0)
	if err != nil {
		return err
	}
	if n >= unix.NLMSG_HDRLEN+4 && binary.LittleEndian.Uint16(answer[4:]) == unix.NLMSG_ERROR {
		if errno := int32(binary.LittleEndian.Uint32(answer[unix.NLMSG_HDRLEN:])); errno != 0 {
			return unix.Errno(-errno)
		}
	}
	return nil
}
