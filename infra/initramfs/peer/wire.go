package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Messages of the peer wire protocol (BEP 3).
const (
	msgChoke byte = iota
	msgUnchoke
	msgInterested
	msgNotInterested
	msgHave
	msgBitfield
	msgRequest
	msgPiece
	msgCancel
)

const protocolName = "\x13BitTorrent protocol"

// handshakeLength is that of name, reserved bytes, info hash and peer id.
const handshakeLength = 68

func handshake(infoHash, peerID [20]byte) []byte {
	text := make([]byte, 0, handshakeLength)
	text = append(text, protocolName...)
	text = append(text, make([]byte, 8)...)
	text = append(text, infoHash[:]...)
	return append(text, peerID[:]...)
}

func readHandshake(r io.Reader, infoHash [20]byte) (peerID [20]byte, err error) {
	var text [handshakeLength]byte
	if _, err = io.ReadFull(r, text[:]); err != nil {
		return peerID, err
	}
	if string(text[:20]) != protocolName {
		return peerID, errors.New("wire: another protocol")
	}
	if [20]byte(text[28:48]) != infoHash {
		return peerID, errors.New("wire: another torrent")
	}
	return [20]byte(text[48:68]), nil
}

// A message; keepAlive has no id and no body.
type message struct {
	keepAlive bool
	id        byte
	body      []byte
}

// readMessage reads a message into a buffer that is used again; longest bounds the body. expect is told how many bytes of it
// have not come yet.
func readMessage(r *bufio.Reader, buffer *[]byte, longest int, expect func(bytes int)) (message, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return message{}, err
	}
	length := binary.BigEndian.Uint32(head[:])
	if length == 0 {
		return message{keepAlive: true}, nil
	}
	if length > uint32(longest)+1 {
		return message{}, fmt.Errorf("wire: a message of %d bytes", length)
	}
	if cap(*buffer) < int(length) {
		*buffer = make([]byte, length)
	}
	text := (*buffer)[:length]
	expect(int(length) - r.Buffered())
	if _, err := io.ReadFull(r, text); err != nil {
		return message{}, err
	}
	return message{id: text[0], body: text[1:]}, nil
}

func encodeMessage(id byte, numbers ...int) []byte {
	text := make([]byte, 0, 5+4*len(numbers))
	text = binary.BigEndian.AppendUint32(text, uint32(1+4*len(numbers)))
	text = append(text, id)
	for _, n := range numbers {
		text = binary.BigEndian.AppendUint32(text, uint32(n))
	}
	return text
}

func encodeBitfield(have []bool) []byte {
	field := make([]byte, (len(have)+7)/8)
	for i, has := range have {
		if has {
			field[i/8] |= 0x80 >> (i % 8)
		}
	}
	text := binary.BigEndian.AppendUint32(nil, uint32(1+len(field)))
	return append(append(text, msgBitfield), field...)
}

// A block that is asked for or sent: piece, offset in it, bytes.
type span struct{ piece, offset, length int }

// parseSpan reads the body of a request or cancel.
func parseSpan(body []byte) (span, error) {
	if len(body) != 12 {
		return span{}, fmt.Errorf("wire: a request of %d bytes", len(body))
	}
	return span{number(body), number(body[4:]), number(body[8:])}, nil
}

func number(text []byte) int {
	return int(binary.BigEndian.Uint32(text))
}

// inside says whether a span lies in its piece and is no longer than clients may ask.
func (l layout) inside(s span) bool {
	if s.piece < 0 || s.piece >= l.pieces() || s.length <= 0 || s.length > 8*blockLength {
		return false
	}
	return s.offset >= 0 && s.offset+s.length <= l.size(s.piece)
}
