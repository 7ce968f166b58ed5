package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// write sends what is queued, control messages first.
func (s *swarm) write(c *conn) {
	buffer := make([]byte, 13+blockLength)
	for {
		control, upload, ok := c.next()
		if !ok {
			return
		}
		var err error
		if control != nil {
			err = c.put(control)
		} else {
			release := writing.take(c.aside.Load())
			err = s.sendBlock(c, upload, &buffer)
			release()
		}
		if err != nil {
			c.close()
			return
		}
	}
}

func (c *conn) put(text []byte) error {
	c.net.SetWriteDeadline(time.Now().Add(stuck))
	_, err := c.net.Write(text)
	return err
}

func (s *swarm) sendBlock(c *conn, u span, buffer *[]byte) error {
	if cap(*buffer) < 13+u.length {
		*buffer = make([]byte, 13+u.length)
	}
	text := (*buffer)[:13+u.length]
	binary.BigEndian.PutUint32(text, uint32(9+u.length))
	text[4] = msgPiece
	binary.BigEndian.PutUint32(text[5:], uint32(u.piece))
	binary.BigEndian.PutUint32(text[9:], uint32(u.offset))
	if err := s.store.get(u.piece, u.offset, text[13:]); err != nil {
		return err
	}
	if err := c.put(text); err != nil {
		return err
	}
	s.mu.Lock()
	s.out += int64(u.length)
	s.mu.Unlock()
	return nil
}

// handle takes a message of a peer. What breaks the protocol ends the connection, with the reason.
func (s *swarm) handle(c *conn, m message) error {
	if m.keepAlive {
		return nil
	}
	switch m.id {
	case msgPiece:
		return s.handlePiece(c, m.body)
	case msgRequest, msgCancel:
		u, err := parseSpan(m.body)
		if err != nil || !s.inside(u) {
			return fmt.Errorf("wire: request of %d bytes at %d of piece %d", u.length, u.offset, u.piece)
		}
		if m.id == msgCancel {
			c.cancelUpload(u)
			return nil
		}
		s.mu.Lock()
		has := s.have[u.piece]
		s.mu.Unlock()
		if !has {
			return fmt.Errorf("wire: asked for piece %d, which is not here", u.piece)
		}
		return c.upload(u)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch m.id {
	case msgChoke:
		c.open = false
		s.doWithout(c)
		s.fillAll()
	case msgUnchoke:
		c.open = true
		s.fill(c)
	case msgHave:
		if len(m.body) != 4 || number(m.body) >= len(s.have) {
			return errors.New("wire: have of no piece")
		}
		s.noteHave(c, number(m.body))
		s.fill(c)
	case msgBitfield:
		if len(m.body) != (len(s.have)+7)/8 {
			return errors.New("wire: bitfield of another length")
		}
		for piece := range s.have {
			if m.body[piece/8]&(0x80>>(piece%8)) != 0 {
				s.noteHave(c, piece)
			}
		}
		s.fill(c)
	}
	return nil
}

func (s *swarm) noteHave(c *conn, piece int) {
	if !c.has[piece] {
		c.has[piece] = true
		stripe := s.stripe(piece)
		c.hasIn[stripe]++
		c.top[stripe] = max(c.top[stripe], piece)
	}
}

func (s *swarm) handlePiece(c *conn, body []byte) error {
	if len(body) < 9 {
		return errors.New("wire: an empty block")
	}
	u := span{number(body), number(body[4:]), len(body) - 8}
	if !s.inside(u) || u.offset%blockLength != 0 {
		return fmt.Errorf("wire: %d bytes at %d of piece %d", u.length, u.offset, u.piece)
	}
	b := block{u.piece, u.offset / blockLength}
	if u.length != s.blockSize(b.piece, b.block) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.ban(c.ip)
		return fmt.Errorf("wire: a block of %d bytes that nobody asked for", u.length)
	}
	s.received(c, b, body[8:])
	return nil
}
