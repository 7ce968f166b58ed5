package main

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"time"
)

// traceAll tells how the stripes stand until the context ends or the file is here.
func (s *swarm) traceAll(ctx context.Context, log func(string, ...any)) {
	for {
		log("%s", s.trace())
		select {
		case <-ctx.Done():
			return
		case <-s.done:
			log("%s: whole", s.trace())
			return
		case <-time.After(traceEvery):
		}
	}
}

const traceEvery = 250 * time.Millisecond

// trace is a line that says how each stripe stands: pieces here, pieces the parent has told us of and we lack, blocks it
// owes us; then what is owed by others. It is what one needs to see why a swarm was slow.
func (s *swarm) trace() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var text strings.Builder
	fmt.Fprintf(&text, "trace in=%d out=%d", s.in, s.out)
	fmt.Fprintf(&text, " uplink=%d/%d", s.uplink.rate(), len(s.uplink.rates))
	for stripe, ip := range s.parents {
		fmt.Fprintf(&text, " %d:%d", stripe, s.haveIn[stripe])
		if c := s.connected(ip); c != nil {
			fmt.Fprintf(&text, "/+%d/%d@%s", s.owed(c, stripe), len(c.asked), ip)
			if c.silent {
				text.WriteString("!")
			}
		} else {
			fmt.Fprintf(&text, "/-@%s", ip)
		}
	}
	var others []string
	for c := range s.conns {
		if len(c.asked) > 0 {
			others = append(others, fmt.Sprintf("%s=%d", c.ip, len(c.asked)))
		}
	}
	sort.Strings(others)
	return text.String() + " owed " + strings.Join(others, " ")
}
