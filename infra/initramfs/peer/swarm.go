package main

import (
	"slices"
	"sync"
	"time"
)

// What is known of a piece that has been begun.
type pending struct {
	data    []byte
	state   []byte // of each block
	missing int    // blocks that have not come
	from    []string
	// solo is the only one to be asked: the piece came out wrong when several had sent it, as suspect shows.
	solo    *conn
	suspect *pending
	soloAt  time.Time // when it was last heard of
	// failed are those that were asked alone and did not send it.
	failed []string
}

const (
	blockFree byte = iota
	blockAsked
	blockHere
)

type block struct{ piece, block int }

// settings of a peer. Times are long beside a round trip and short beside a transfer.
type settings struct {
	// silence is how long a feeder may owe a block before others are asked.
	silence time.Duration
	// eager is the age at which a block of the last pieces is asked of a second peer.
	eager time.Duration
	// window is the most bytes that are begun or waiting ahead of what has been written out; 0: the whole file.
	window int64
}

// A swarm as one machine sees it. Everything below mu.
type swarm struct {
	mu sync.Mutex
	layout
	settings
	infoHash, peerID [20]byte
	good             func(piece int, data []byte) bool
	store            store
	clock            func() time.Time

	have     []bool
	haveIn   []int  // by stripe
	low      []int  // by stripe, the first piece that is missing
	server   string // the address of who has everything; empty when nobody told
	flows    []flow
	usual    int // pieces that the median stripe brings while it is watched, at its best
	uplink   uplink
	looked   time.Time
	looks    int
	left     int
	begun    map[int]*pending
	conns    map[*conn]bool
	parents  []string // by stripe, addresses of machines
	spares   []string
	children []string // addresses of those that load from us; nil when nobody told
	banned   map[string]bool
	gone     map[string]time.Time // parents out of reach, since when
	in, out  int64
	web      int64 // bytes that the web seed gave
	written  int   // pieces written out in order

	// complaints are told to the tracker at once.
	complaints chan complaint
	// more says that another piece is here.
	more chan struct{}
	done chan struct{}
}

// A complaint of a feeder: "lost" (silent, gone), "late" (slower than others) or "bad" (sent what was not signed); an empty
// one only says that the tracker should hear of us now.
type complaint struct{ verb, ip string }

func newSwarm(l layout, infoHash, peerID [20]byte, good func(int, []byte) bool, st store, with settings) *swarm {
	s := &swarm{
		layout: l, settings: with, infoHash: infoHash, peerID: peerID, good: good, store: st, clock: time.Now,
		have: make([]bool, l.pieces()), left: l.pieces(), begun: map[int]*pending{},
		conns: map[*conn]bool{}, banned: map[string]bool{}, gone: map[string]time.Time{},
		complaints: make(chan complaint, 16), more: make(chan struct{}, 1), done: make(chan struct{}),
	}
	s.divide(l.stripes)
	return s
}

// complain never waits: who reads complaints may be waiting for the tracker.
func (s *swarm) complain(verb, ip string) {
	select {
	case s.complaints <- complaint{verb, ip}:
	default:
	}
}

// nobody stands in the tracker's list for a feeder that is not there.
const nobody = "0.0.0.0"

// arrange takes the neighbours the tracker wants us to have.
func (s *swarm) arrange(parents, spares []string, server string, children []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.server, s.children = server, children
	for c := range s.conns {
		s.rank(c)
	}
	for stripe, ip := range parents {
		// Nobody to name, as after a restart of the tracker, is no reason to leave who feeds us.
		if ip == nobody && stripe < len(s.parents) && s.connected(s.parents[stripe]) != nil {
			continue
		}
		if stripe < len(s.parents) && s.parents[stripe] != ip {
			old := s.parents[stripe]
			s.parents[stripe] = ip
			s.takeBack(old, stripe)
		}
	}
	s.spares = spares
	s.fillAll()
}

// rank says whether a connection is with somebody who loads from us; to others we send what is left of our link.
func (s *swarm) rank(c *conn) {
	c.aside.Store(s.server != "" && !slices.Contains(s.children, c.ip))
	c.tell()
}

// takeBack asks what a former parent owes of a stripe of its successor.
func (s *swarm) takeBack(ip string, stripe int) {
	for c := range s.conns {
		if c.ip != ip {
			continue
		}
		for b := range c.asked {
			if s.stripe(b.piece) == stripe {
				s.withdraw(c, b)
				s.release(c, b)
			}
		}
	}
}

// withdraw cancels a request.
func (s *swarm) withdraw(c *conn, b block) {
	delete(c.asked, b)
	c.cancelled[b] = true
	c.send(encodeMessage(msgCancel, b.piece, b.block*blockLength, s.blockSize(b.piece, b.block)))
}

// release makes a block free again unless somebody else owes it too.
func (s *swarm) release(c *conn, b block) {
	delete(c.asked, b)
	p := s.begun[b.piece]
	if p == nil || p.state[b.block] != blockAsked {
		return
	}
	for other := range s.conns {
		if _, owes := other.asked[b]; owes {
			return
		}
	}
	p.state[b.block] = blockFree
}

// doWithout asks others for what a peer owes. It may come all the same.
func (s *swarm) doWithout(c *conn) {
	for b := range c.asked {
		c.cancelled[b] = true
		s.release(c, b)
	}
}

// received takes a block. A whole piece is checked before anyone hears of it; what nobody asked for counts for nothing.
func (s *swarm) received(c *conn, b block, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, asked := c.asked[b]; !asked && !c.cancelled[b] {
		return
	}
	delete(c.asked, b)
	delete(c.cancelled, b)
	c.delivered(len(data), s.clock())
	s.in += int64(len(data))
	p := s.begun[b.piece]
	if p != nil && p.state[b.block] != blockHere {
		s.take(c, p, b, data)
	}
	s.fill(c)
}

// take puts a block into its piece; nobody else need send it any more.
func (s *swarm) take(c *conn, p *pending, b block, data []byte) {
	if p.notFor(c) {
		return
	}
	p.soloAt = s.clock()
	copy(p.data[b.block*blockLength:], data)
	p.state[b.block] = blockHere
	p.from[b.block] = c.ip
	p.missing--
	if p.missing == 0 {
		s.finish(b.piece, p, c)
		return
	}
	for other := range s.conns {
		if _, owes := other.asked[b]; owes {
			s.withdraw(other, b)
		}
	}
}

// finish checks a piece and passes it on.
func (s *swarm) finish(piece int, p *pending, last *conn) {
	delete(s.begun, piece)
	if !s.good(piece, p.data) {
		s.blame(piece, p, last)
		return
	}
	if p.suspect != nil {
		s.convict(p, p.suspect)
	}
	s.keep(piece, p.data)
}

// keep stores a piece that is what was signed, and tells everyone.
func (s *swarm) keep(piece int, data []byte) {
	delete(s.begun, piece)
	if err := s.store.put(piece, data); err != nil {
		s.store.fail(err)
		return
	}
	s.note(piece)
	for c := range s.conns {
		c.announce(piece)
	}
	// Only towards the end does a piece from one neighbour change what is asked of the others.
	late := s.wholeStripes() > 0
	for c := range s.conns {
		s.cancel(c, piece)
		if late {
			c.tell()
			s.fill(c)
		}
	}
}

// cancel takes back what was asked of a second peer for a piece that is here.
func (s *swarm) cancel(c *conn, piece int) {
	for b := range c.asked {
		if b.piece == piece {
			s.withdraw(c, b)
		}
	}
}

func (s *swarm) begin(piece int) *pending {
	n := s.blocks(piece)
	p := &pending{data: make([]byte, s.size(piece)), state: make([]byte, n), missing: n, from: make([]string, n)}
	s.begun[piece] = p
	return p
}
