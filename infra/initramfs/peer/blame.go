package main

import (
	"bytes"
	"slices"
	"time"
)

// blame finds out who sent a wrong piece: at once when it was one, else by asking one of them alone.
func (s *swarm) blame(piece int, p *pending, last *conn) {
	if slices.ContainsFunc(p.from, func(ip string) bool { return ip != last.ip }) {
		again := s.begin(piece)
		again.solo, again.suspect, again.soloAt, again.failed = last, p, s.clock(), p.failed
		return
	}
	s.ban(last.ip)
}

// soloFor is how long the one that is asked alone may send nothing of the piece.
const soloFor = 3 * time.Second

// notFor says whether a peer is not to be asked for a piece.
func (p *pending) notFor(c *conn) bool {
	return p.solo != nil && p.solo != c || slices.Contains(p.failed, c.ip)
}

// lookAtSolos asks everyone else where the one that was asked alone does not answer: or a liar could keep a piece from us by silence.
func (s *swarm) lookAtSolos(now time.Time) {
	for piece, p := range s.begun {
		if p.solo == nil || s.usable(p.solo) && now.Sub(p.soloAt) < soloFor {
			continue
		}
		c := p.solo
		p.solo, p.failed = nil, append(slices.Clone(p.failed), c.ip)
		for b := range c.asked {
			if b.piece == piece {
				s.withdraw(c, b)
				s.release(c, b)
			}
		}
	}
}

// convict names who sent another block than the one that is right.
func (s *swarm) convict(right, wrong *pending) {
	for b, ip := range wrong.from {
		from, to := b*blockLength, min((b+1)*blockLength, len(right.data))
		if !bytes.Equal(right.data[from:to], wrong.data[from:to]) {
			s.ban(ip)
		}
	}
}

// ban has nothing more to do with a machine, and tells the tracker why.
func (s *swarm) ban(ip string) {
	if s.banned[ip] {
		return
	}
	s.banned[ip] = true
	s.complain("bad", ip)
	for c := range s.conns {
		if c.ip == ip {
			go c.close()
		}
	}
}
