package main

import (
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
func (p *patient) Read(text []byte) (int, error) {
	p.tell(max(1, min(p.missing, mostAwaited)))
	n, err := p.Conn.Read(text)
	p.missing -= n
	return n, err
}

func (p *patient) tell(bytes int) {
	if p.raw == nil || bytes == p.told {
		return
	}
	p.told = bytes
	p.raw.Control(func(fd uintptr) {
		syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVLOWAT, bytes)
	})
}
