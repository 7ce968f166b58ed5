package main

import (
	"io"
	"net"
	"syscall"
)

// A connection that is read as a whole block rather than segment by segment: on a slow link each segment would wake us, and
// waking costs more than the bytes. The kernel is told how much must be there before it does (SO_RCVLOWAT, socket(7)).
type patient struct {
	net.Conn
	raw     syscall.RawConn
	missing int
	told    int
}

// mostAwaited is less than what the kernel keeps for a connection at least.
const mostAwaited = 32 << 10

func newPatient(connection net.Conn) *patient {
	p := &patient{Conn: connection, told: 1}
	if tcp, ok := connection.(*net.TCPConn); ok {
		p.raw, _ = tcp.SyscallConn()
	}
	return p
}

// expect says how many bytes are to come before there is anything to do.
func (p *patient) expect(bytes int) {
	p.missing = bytes
}

// Read gives what is there at once. It never waits for more than what is missing, so nothing is waited for in vain.
func (p *patient) Read(text []byte) (n int, err error) {
	if p.raw == nil {
		return p.Conn.Read(text)
	}
	gone := p.raw.Read(func(fd uintptr) bool {
		for {
			n, err = syscall.Read(int(fd), text)
			switch err {
			case syscall.EINTR:
			case syscall.EAGAIN:
				p.tell(fd)
				return false
			default:
				return true
			}
		}
	})
	switch {
	case gone != nil:
		return 0, gone
	case err != nil:
		return 0, err
	case n == 0 && len(text) > 0:
		return 0, io.EOF
	}
	p.missing -= n
	return n, nil
}

// tell has the kernel wake us when as much is there as we wait for. What is there already by now wakes us too.
func (p *patient) tell(fd uintptr) {
	if wanted := max(1, min(p.missing, mostAwaited)); wanted != p.told {
		p.told = wanted
		syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVLOWAT, wanted)
	}
}
