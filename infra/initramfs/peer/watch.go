package main

import (
	"slices"
	"time"
)

const (
	// probeAfter is when a peer that fell silent is asked again, for the first time; each time doubles it.
	probeAfter = 2 * time.Second
	longestOff = 30 * time.Second
	// tellEvery is how many looks pass before those that we need not feed are told of new pieces: each message of its own
	// would take a packet, and there are a dozen neighbours.
	tellEvery = 4
	// deafAfter is when a connection on which nothing at all comes is given up for a new one: after a cut, TCP alone waits long.
	deafAfter = 4 * time.Second
)

// look notices feeders that are silent or away. It runs several times a second.
func (s *swarm) look() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock()
	here := map[string]bool{}
	s.looks++
	for c := range s.conns {
		s.lookAt(c, now)
		if s.looks%tellEvery == 0 {
			c.tell()
		}
		here[c.ip] = here[c.ip] || !c.silent
	}
	// Towards the end others help, and it is no longer our link that counts.
	if s.wholeStripes() == 0 && s.uplink.look(s.conns, now.Sub(s.looked)) {
		s.complain("", "")
	}
	s.looked = now
	s.lookAtSolos(now)
	s.missing(here, now)
	s.lookAtFlows(now)
	s.fillAll()
}

func (s *swarm) lookAt(c *conn, now time.Time) {
	switch {
	case c.silent:
		if now.Sub(c.heardAt) > deafAfter && now.Sub(c.silentAt) > deafAfter/2 {
			go c.close()
		} else if now.Sub(c.silentAt) > c.off {
			c.silent = false
		}
	case len(c.asked) > 0 && now.Sub(c.blockAt) >= c.patience(s.silence):
		c.silent, c.silentAt = true, now
		c.off = min(longestOff, max(probeAfter, 2*c.off))
		s.doWithout(c)
		if slices.Contains(s.parents, c.ip) {
			s.complain("lost", c.ip)
		}
	}
}

// missing complains of parents that have been out of reach for long: one that was only just named is still being dialled.
func (s *swarm) missing(here map[string]bool, now time.Time) {
	for stripe, ip := range s.parents {
		if ip == "" || ip == nobody || here[ip] || s.haveIn[stripe] == s.inStripe(stripe) {
			delete(s.gone, ip)
			continue
		}
		since, known := s.gone[ip]
		if !known {
			s.gone[ip] = now
		} else if now.Sub(since) > 2*s.silence {
			s.gone[ip] = now
			s.complain("lost", ip)
		}
	}
}

// refused notes that a machine is there and our peer is not: no need to wait before it is named.
func (s *swarm) refused(ip string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone[ip] = s.clock().Add(-3 * s.silence)
}
