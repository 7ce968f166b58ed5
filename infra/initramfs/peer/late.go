package main

import (
	"slices"
	"time"
)

// A feeder is late when it gets pieces of its stripe and does not pass them on: what it owes us grows nearly as fast as it
// gets them. One that waits itself owes nothing; one that shares its link among a child too many owes little. A feeder that
// has everything can't owe more and more: it is late when its stripe comes much more slowly than the others.

const (
	// lateOwed is how many pieces it must owe: the trees need one or two.
	lateOwed = 6
	// lateFor is the time over which it is watched: a gigabyte at a gigabit takes eight seconds.
	lateFor = 1500 * time.Millisecond
	// lateGrowth is the share of what it got that it has not passed on.
	lateGrowth = 0.4
	// lateRate is the share of the other stripes' rate below which it is late.
	lateRate = 0.3
)

// A stripe as it stood when its feeder was last judged.
type flow struct {
	parent string
	since  time.Time
	has    int // pieces the feeder had
	owed   int // pieces of those that we lacked
	have   int // pieces we had
}

// lookAtFlows judges each feeder whenever it has been watched for long enough, and complains of those that are late.
func (s *swarm) lookAtFlows(now time.Time) {
	var passed []int
	for stripe := range s.flows {
		if s.haveIn[stripe] < s.inStripe(stripe) {
			passed = append(passed, s.haveIn[stripe]-s.flows[stripe].have)
		}
	}
	if len(passed) > 1 {
		slices.Sort(passed)
		s.usual = max(s.usual, passed[len(passed)/2])
	}
	for stripe := range s.flows {
		f := &s.flows[stripe]
		parent := s.connected(s.parents[stripe])
		if parent == nil || f.parent != parent.ip {
			s.watch(stripe, parent, now)
			continue
		}
		if now.Sub(f.since) < lateFor {
			continue
		}
		if s.haveIn[stripe] < s.inStripe(stripe) && s.isLate(stripe, parent) {
			s.complain("late", parent.ip)
		}
		s.watch(stripe, parent, now)
	}
}

func (s *swarm) watch(stripe int, parent *conn, now time.Time) {
	f := flow{since: now, have: s.haveIn[stripe]}
	if parent != nil {
		f.parent, f.has, f.owed = parent.ip, parent.hasIn[stripe], s.owed(parent, stripe)
	}
	s.flows[stripe] = f
}

func (s *swarm) isLate(stripe int, parent *conn) bool {
	f := s.flows[stripe]
	owed := s.owed(parent, stripe)
	if owed < lateOwed {
		return false
	}
	got := parent.hasIn[stripe] - f.has
	if got > 0 {
		return owed-f.owed >= lateOwed/2 && float64(owed-f.owed) > lateGrowth*float64(got)
	}
	return s.usual >= lateOwed && float64(s.haveIn[stripe]-f.have) < lateRate*float64(s.usual)
}

// owed is how many pieces of a stripe a peer has that we lack.
func (s *swarm) owed(c *conn, stripe int) int {
	n := 0
	for piece := s.low[stripe]; piece <= c.top[stripe]; piece += s.stripes {
		if c.has[piece] && !s.have[piece] {
			n++
		}
	}
	return n
}

func (s *swarm) connected(ip string) *conn {
	for c := range s.conns {
		if c.ip == ip {
			return c
		}
	}
	return nil
}
