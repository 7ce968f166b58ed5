package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"testing"
	"time"
)

// pair is a TCP connection: what is written at one end is read, as a peer reads, at the other.
func pair(t *testing.T) (net.Conn, *patient) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	writer, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	accepted, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { writer.Close(); accepted.Close() })
	accepted.SetReadDeadline(time.Now().Add(10 * time.Second))
	return writer, newPatient(accepted)
}

func TestBlocksThatComeInSegmentsAreReadWhole(t *testing.T) {
	writer, source := pair(t)
	block := append([]byte{msgPiece}, bytes.Repeat([]byte{7}, 8+blockLength)...)
	sent := append([]byte{0, 0, byte(len(block) >> 8), byte(len(block))}, block...)
	const blocks = 5
	go func() {
		for i := 0; i < blocks; i++ {
			for rest := sent; len(rest) > 0; {
				n := min(1448, len(rest))
				writer.Write(rest[:n])
				rest = rest[n:]
				time.Sleep(time.Millisecond)
			}
		}
		// What comes behind a block is short, and nothing follows.
		writer.Write(encodeMessage(msgHave, 5))
	}()
	counted := &reads{Reader: source}
	reader := bufio.NewReaderSize(counted, 64<<10)
	var buffer []byte
	for i := 0; i < blocks; i++ {
		m, err := readMessage(reader, &buffer, 1<<15, source.expect)
		if err != nil || m.id != msgPiece || !bytes.Equal(m.body, block[1:]) {
			t.Fatalf("message %d of %d bytes: %v", m.id, len(m.body), err)
		}
	}
	m, err := readMessage(reader, &buffer, 1<<15, source.expect)
	if err != nil || m.id != msgHave {
		t.Fatalf("message %d: %v", m.id, err)
	}
	if segments := blocks * (len(sent)/1448 + 1); counted.n > segments/2 {
		t.Errorf("%d reads for %d segments", counted.n, segments)
	}
}

func TestAPeerThatGoesInTheMiddleOfABlockIsNotWaitedFor(t *testing.T) {
	writer, source := pair(t)
	source.expect(blockLength)
	writer.Write(make([]byte, 100))
	writer.Close()
	if n, err := io.ReadFull(source, make([]byte, blockLength)); n != 100 || err != io.ErrUnexpectedEOF {
		t.Errorf("%d bytes, %v", n, err)
	}
}

type reads struct {
	io.Reader
	n int
}

func (r *reads) Read(text []byte) (int, error) {
	r.n++
	return r.Reader.Read(text)
}
