package main

import (
	"bufio"
	"bytes"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

var connections atomic.Int64

// A connection with a peer. Its fields are guarded by the swarm's mutex, its queue by its own.
type conn struct {
	id     int64
	net    net.Conn
	ip     string
	peerID [20]byte
	has    []bool
	hasIn  []int
	top    []int // by stripe, the last piece that it has
	open   bool  // it has unchoked us
	silent bool  // it owes us blocks for too long
	closed bool
	ours   bool // we called it
	asked  map[block]time.Time
	// cancelled blocks may still come, and are as good as any.
	cancelled map[block]bool
	heardAt   time.Time
	silentAt  time.Time
	off       time.Duration // how long it is left alone when it is silent
	// blockAt is when it last sent a block, or was asked after owing nothing.
	blockAt time.Time
	rate    float64 // bytes per second
	counted int
	traffic traffic
	aside   atomic.Bool // it is not one that we are to feed
	untold  []int       // pieces that it has not been told of
	since   time.Time

	queueMu sync.Mutex
	queued  *sync.Cond
	control []byte
	uploads []span
	ended   bool
}

const (
	leastOwed   = 3
	mostOwed    = 64
	mostUploads = 256
	// owedTime is how much of a peer's rate is asked for in advance.
	owedTime = 0.06
)

func newConn(s *swarm, c net.Conn) *conn {
	host, _, _ := net.SplitHostPort(c.RemoteAddr().String())
	one := &conn{id: connections.Add(1), net: c, ip: host, has: make([]bool, len(s.have)), hasIn: make([]int, s.stripes), top: make([]int, s.stripes), asked: map[block]time.Time{}, cancelled: map[block]bool{}, since: time.Now(), heardAt: time.Now()}
	one.queued = sync.NewCond(&one.queueMu)
	return one
}

// depth is how many blocks it may owe: more would wait in its queue while others could send them.
func (c *conn) depth() int {
	return min(mostOwed, max(leastOwed, int(c.rate*owedTime/blockLength)))
}

// mostPatience bounds it: who lets a byte fall now and then is as good as silent.
const mostPatience = 10 * time.Second

// patience is how long it may owe a block: on a slow link a few blocks take longer than a time that is right for fast ones.
func (c *conn) patience(least time.Duration) time.Duration {
	if c.rate <= 0 {
		return 2 * least
	}
	return max(least, time.Duration(min(mostPatience.Seconds(), leastOwed*2*blockLength/c.rate)*float64(time.Second)))
}

// delivered counts a block that came.
func (c *conn) delivered(bytes int, now time.Time) {
	c.blockAt, c.silent, c.off = now, false, 0
	c.counted += bytes
	if passed := now.Sub(c.since); passed > 100*time.Millisecond {
		c.rate = 0.6*c.rate + 0.4*float64(c.counted)/passed.Seconds()
		c.counted, c.since = 0, now
	}
}

// send queues a control message; those go before blocks.
func (c *conn) send(text []byte) {
	c.queueMu.Lock()
	defer c.queueMu.Unlock()
	c.control = append(c.control, text...)
	c.queued.Signal()
}

// announce tells of a piece: whom we are to feed at once, others a few pieces at a time.
func (c *conn) announce(piece int) {
	if c.has[piece] {
		return
	}
	if c.aside.Load() {
		c.untold = append(c.untold, piece)
	} else {
		c.send(encodeMessage(msgHave, piece))
	}
}

// tell announces what has been put off.
func (c *conn) tell() {
	var text []byte
	for _, piece := range c.untold {
		if !c.has[piece] {
			text = append(text, encodeMessage(msgHave, piece)...)
		}
	}
	c.untold = c.untold[:0]
	if len(text) > 0 {
		c.send(text)
	}
}

func (c *conn) upload(s span) error {
	c.queueMu.Lock()
	defer c.queueMu.Unlock()
	if len(c.uploads) >= mostUploads {
		return errors.New("wire: too many requests at once")
	}
	c.uploads = append(c.uploads, s)
	c.queued.Signal()
	return nil
}

func (c *conn) cancelUpload(s span) {
	c.queueMu.Lock()
	defer c.queueMu.Unlock()
	for i, one := range c.uploads {
		if one == s {
			c.uploads = append(c.uploads[:i], c.uploads[i+1:]...)
			return
		}
	}
}

// close ends both directions; the reader notices and cleans up.
func (c *conn) close() {
	c.queueMu.Lock()
	c.ended = true
	c.queued.Broadcast()
	c.queueMu.Unlock()
	c.net.Close()
}

// next waits for something to send: control messages, or one block.
func (c *conn) next() (control []byte, upload span, ok bool) {
	c.queueMu.Lock()
	defer c.queueMu.Unlock()
	for len(c.control) == 0 && len(c.uploads) == 0 && !c.ended {
		c.queued.Wait()
	}
	if c.ended {
		return nil, span{}, false
	}
	if len(c.control) > 0 {
		control, c.control = c.control, nil
		return control, span{}, true
	}
	upload, c.uploads = c.uploads[0], c.uploads[1:]
	return nil, upload, true
}

// talk runs a connection whose handshake is over until it ends.
func (s *swarm) talk(c *conn) error {
	s.mu.Lock()
	if s.banned[c.ip] {
		s.mu.Unlock()
		return errors.New("wire: banned")
	}
	if !s.isBetter(c) {
		s.mu.Unlock()
		return errors.New("wire: connected twice")
	}
	s.conns[c] = true
	s.rank(c)
	c.send(encodeBitfield(s.offered()))
	c.send(encodeMessage(msgUnchoke))
	c.send(encodeMessage(msgInterested))
	s.mu.Unlock()
	go s.write(c)
	err := s.read(c)
	c.close()
	s.mu.Lock()
	defer s.mu.Unlock()
	c.closed = true
	delete(s.conns, c)
	for b := range c.asked {
		s.release(c, b)
	}
	s.fillAll()
	return err
}

const (
	// quiet is when a peer that says nothing, not even that it is there, is given up (BEP 3: keep-alives every two minutes).
	quiet = 150 * time.Second
	// stuck is when a peer that takes nothing is given up.
	stuck = 20 * time.Second
)

func (s *swarm) read(c *conn) error {
	source := newPatient(c.net)
	reader := bufio.NewReaderSize(source, 64<<10)
	longest := max(blockLength+8, (len(s.have)+7)/8) + 1024
	var buffer []byte
	for {
		c.net.SetReadDeadline(time.Now().Add(quiet))
		m, err := readMessage(reader, &buffer, longest, source.expect)
		if err != nil {
			return err
		}
		s.mu.Lock()
		c.heardAt = s.clock()
		s.mu.Unlock()
		if err = s.handle(c, m); err != nil {
			return err
		}
	}
}

// isBetter decides when two machines have called each other which connection stays, the same at both ends: the one that
// the machine with the lower peer id has opened. The other one is closed.
func (s *swarm) isBetter(c *conn) bool {
	for other := range s.conns {
		if other.peerID != c.peerID || other.closed || other.ours == c.ours {
			continue
		}
		if lower := bytes.Compare(s.peerID[:], c.peerID[:]) < 0; c.ours != lower {
			return false
		}
		go other.close()
	}
	return true
}
