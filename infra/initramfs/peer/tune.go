package main

import (
	"encoding/binary"
	"net"
	"syscall"
	"time"
	"unsafe"
)

// Linux's tcp(7); package syscall does not name them.
const (
	tcpUserTimeout  = 18
	tcpNotSentLowat = 25
	// Places in struct tcp_info, of linux/tcp.h.
	infoAcked = 120
	infoBusy  = 168
	infoEnd   = 176
)

// tune keeps little in the kernel, so that what is decided last leaves first, and gives up a peer that takes nothing.
func tune(connection net.Conn) {
	tcp, ok := connection.(*net.TCPConn)
	if !ok {
		return
	}
	tcp.SetNoDelay(true)
	raw, err := tcp.SyscallConn()
	if err != nil {
		return
	}
	raw.Control(func(fd uintptr) {
		syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpNotSentLowat, blockLength)
		syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, 8000)
		// BBR takes a connection on which little was asked for a narrow one, and then sends little.
		syscall.SetsockoptString(int(fd), syscall.IPPROTO_TCP, syscall.TCP_CONGESTION, "cubic")
	})
}

// trafficOf asks the kernel what it has counted of a connection.
func trafficOf(connection net.Conn) (t traffic, ok bool) {
	tcp, isTCP := connection.(*net.TCPConn)
	if !isTCP {
		return t, false
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return t, false
	}
	var info [256]byte
	length := uint32(len(info))
	raw.Control(func(fd uintptr) {
		_, _, errno := syscall.Syscall6(syscall.SYS_GETSOCKOPT, fd, syscall.IPPROTO_TCP, syscall.TCP_INFO, uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&length)), 0)
		ok = errno == 0 && length >= infoEnd
		var waiting int32
		syscall.Syscall(syscall.SYS_IOCTL, fd, syscall.TIOCOUTQ, uintptr(unsafe.Pointer(&waiting)))
		t.underWay = int(waiting)
	})
	t.acked = binary.NativeEndian.Uint64(info[infoAcked:])
	t.busy = time.Duration(binary.NativeEndian.Uint64(info[infoBusy:])) * time.Microsecond
	return t, ok
}
