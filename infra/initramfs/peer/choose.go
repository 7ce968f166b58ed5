package main

import "slices"

// feeder is who is asked for a stripe: the parent the tracker named, or, while that one is away or silent, a neighbour
// that has what we lack: the first of the spares, then any parent; who called us only when there is nobody else.
func (s *swarm) feeder(stripe int) *conn {
	var best *conn
	rank := 0
	if c := s.connected(s.parents[stripe]); c != nil && s.usable(c) {
		return c
	}
	for c := range s.conns {
		if !s.usable(c) {
			continue
		}
		r := s.rankFor(c, stripe)
		if r > rank || r == rank && best != nil && c.id < best.id {
			best, rank = c, r
		}
	}
	return best
}

func (s *swarm) usable(c *conn) bool {
	return c.open && !c.silent && !c.closed && !s.banned[c.ip]
}

const rankSpare = 1 << 10

func (s *swarm) rankFor(c *conn, stripe int) int {
	if s.expected(s.parents[stripe]) || !s.lacks(c, stripe) {
		return 0
	}
	if i := slices.Index(s.spares, c.ip); i >= 0 {
		return rankSpare - i
	}
	if slices.Contains(s.parents, c.ip) {
		return 2
	}
	return 1
}

// expected says whether a parent is still being dialled: others would send what it is about to.
func (s *swarm) expected(ip string) bool {
	if ip == "" || ip == nobody || s.banned[ip] || s.connected(ip) != nil {
		return false
	}
	since, away := s.gone[ip]
	return !away || s.clock().Sub(since) < s.silence/2
}

// lacks says whether a peer has a piece of a stripe that we have not.
func (s *swarm) lacks(c *conn, stripe int) bool {
	if c.hasIn[stripe] > s.haveIn[stripe] {
		return true
	}
	for piece := s.low[stripe]; piece <= c.top[stripe]; piece += s.stripes {
		if c.has[piece] && !s.have[piece] {
			return true
		}
	}
	return false
}

func (s *swarm) fillAll() {
	for c := range s.conns {
		s.fill(c)
	}
}

// fill asks a peer for blocks until it owes as many as its rate can bring soon: of each stripe that it feeds, the same number,
// so that none stands still while another comes.
func (s *swarm) fill(c *conn) {
	if s.left == 0 || !s.usable(c) {
		return
	}
	owed := make([]int, s.stripes)
	for b := range c.asked {
		owed[s.stripe(b.piece)]++
	}
	feeds := false
	for stripe := range s.parents {
		if s.wholeIn(stripe) || s.feeder(stripe) != c {
			continue
		}
		feeds = true
		for owed[stripe] < c.depth() && s.askNext(c, stripe) {
			owed[stripe]++
		}
	}
	if len(c.asked) < c.depth() && (!feeds || len(c.asked) == 0) {
		s.help(c)
	}
}

// limit is the first piece that may not be begun yet: what is ahead of what was written out must fit into memory.
func (s *swarm) limit() int {
	if s.window > 0 {
		return min(len(s.have), s.written+int(s.window/int64(s.pieceLength)))
	}
	return len(s.have)
}

// askNext asks for the first block of a stripe that nobody owes us. What comes by another tree is left for last.
func (s *swarm) askNext(c *conn, stripe int) bool {
	limit := min(s.limit(), c.top[stripe]+1)
	for _, shared := range []bool{false, true} {
		if shared && s.wholeStripes() == 0 {
			return false
		}
		for piece := s.low[stripe]; piece < limit; piece += s.stripes {
			if !s.have[piece] && c.has[piece] && (s.byOther(piece) != nil) == shared && s.askIn(c, piece) {
				return true
			}
		}
	}
	return false
}

// substitute is the stripe whose tree carries a piece when that tree has nothing left of its own: what one stripe is
// behind is divided among all trees, by the same rule at every machine.
func (s *swarm) substitute(piece int) int {
	return piece / s.stripes % s.stripes
}

// byOther gives the parent of another tree that carries a piece, if its own stripe is whole.
func (s *swarm) byOther(piece int) *conn {
	other := s.substitute(piece)
	if other == s.stripe(piece) || !s.wholeIn(other) {
		return nil
	}
	if c := s.connected(s.parents[other]); c != nil && s.usable(c) {
		return c
	}
	return nil
}

// askIn asks for a free block of a piece.
func (s *swarm) askIn(c *conn, piece int) bool {
	p := s.begun[piece]
	if p == nil {
		p = s.begin(piece)
	}
	if p.notFor(c) {
		return false
	}
	for b, state := range p.state {
		if state == blockFree {
			p.state[b] = blockAsked
			s.ask(c, block{piece, b})
			return true
		}
	}
	return false
}

func (s *swarm) ask(c *conn, b block) {
	now := s.clock()
	if len(c.asked) == 0 {
		c.blockAt = now
	}
	c.asked[b] = now
	c.send(encodeMessage(msgRequest, b.piece, b.block*blockLength, s.blockSize(b.piece, b.block)))
}

// help uses a parent whose own stripe is whole for the stripes that are not: for its share of them first, then for any;
// spares join when nothing else is left to ask for. At the very end it is asked for what another has owed for long.
func (s *swarm) help(c *conn) {
	parent := false
	for stripe, ip := range s.parents {
		if !s.wholeIn(stripe) {
			continue
		}
		parent = parent || ip == c.ip
		for ip == c.ip && len(c.asked) < c.depth() && s.askShare(c, stripe) {
		}
	}
	whole := s.wholeStripes()
	if whole == 0 || !parent && !slices.Contains(s.spares, c.ip) {
		return
	}
	for len(c.asked) < c.depth() && s.askAny(c) {
	}
	if len(c.asked) == 0 {
		s.askAgain(c)
	}
}

// wholeIn says whether all of a stripe is here that may be begun now.
func (s *swarm) wholeIn(stripe int) bool {
	return s.low[stripe] >= s.limit()
}

func (s *swarm) wholeStripes() int {
	whole := 0
	for stripe := range s.parents {
		if s.wholeIn(stripe) {
			whole++
		}
	}
	return whole
}

// askShare asks for a block that a stripe's tree carries for another.
func (s *swarm) askShare(c *conn, stripe int) bool {
	for piece := slices.Min(s.low); piece < s.limit(); piece++ {
		if !s.have[piece] && c.has[piece] && s.substitute(piece) == stripe && s.askIn(c, piece) {
			return true
		}
	}
	return false
}

// askAny asks for a block from the far end: the near end is what its feeder is about to send. Of the server nobody asks
// what another tree will bring.
func (s *swarm) askAny(c *conn) bool {
	for piece := s.limit() - 1; piece >= 0; piece-- {
		if !s.have[piece] && c.has[piece] && (c.ip != s.server || s.elsewhere(piece)) && s.askIn(c, piece) {
			return true
		}
	}
	return false
}

// elsewhere says whether a neighbour other than the server has a piece.
func (s *swarm) elsewhere(piece int) bool {
	for c := range s.conns {
		if c.ip != s.server && c.has[piece] {
			return true
		}
	}
	return false
}

// askAgain asks for the block that another peer has owed the longest, if that is long.
func (s *swarm) askAgain(c *conn) {
	var oldest block
	at := s.clock().Add(-s.eager)
	found := false
	for other := range s.conns {
		if other == c {
			continue
		}
		for b, since := range other.asked {
			if _, owes := c.asked[b]; owes || !c.has[b.piece] || !since.Before(at) {
				continue
			}
			if p := s.begun[b.piece]; p != nil && !p.notFor(c) {
				oldest, at, found = b, since, true
			}
		}
	}
	if found {
		s.ask(c, oldest)
	}
}
