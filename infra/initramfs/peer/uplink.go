package main

import (
	"slices"
	"time"
)

// How fast we send while several machines wait for us: what our link can do, as far as it shows. The tracker compares
// it with what others send. A machine whose link is slow can't be told by what it owes: its requests wait in the same
// queue as its blocks, so it has little to give.
type uplink struct {
	rates   []float64
	skipped int
	known   bool
}

const (
	// uplinkLooks is how many of the newest looks count.
	uplinkLooks = 6
	// uplinkSkip is how many do not count at first: they fill buffers.
	uplinkSkip = 2
	// leastWaiting is for how many machines we must be the brake: one alone may itself be slow in taking.
	leastWaiting = 2
	// busyShare is the share of a look's time in which something was under way to a machine that waits.
	busyShare = 0.8
	// leastUnderWay tells blocks from small messages, which take their time to be acknowledged.
	leastUnderWay = blockLength / 2
)

// What the kernel has counted of a connection: bytes that arrived at the other end, and the time something was under way.
type traffic struct {
	acked    uint64
	busy     time.Duration
	underWay int
}

// look counts what arrived since the last look at machines that waited for most of it. It says when the rate is known.
func (u *uplink) look(conns map[*conn]bool, passed time.Duration) bool {
	sum, waiting := 0.0, 0
	for c := range conns {
		now, ok := trafficOf(c.net)
		if !ok {
			continue
		}
		before := c.traffic
		c.traffic = now
		busy, acked := now.busy-before.busy, now.acked-before.acked
		if min(before.underWay, now.underWay) > leastUnderWay && float64(busy) > busyShare*float64(passed) {
			sum += float64(acked) / busy.Seconds()
			waiting++
		}
	}
	if waiting < leastWaiting {
		return false
	}
	if u.skipped++; u.skipped > uplinkSkip {
		u.rates = append(u.rates, sum)
		u.rates = u.rates[max(0, len(u.rates)-uplinkLooks):]
	}
	first := !u.known && u.rate() > 0
	u.known = u.known || first
	return first
}

// rate is in bytes per second; 0 while it is not known. It is what was reached twice: a link that can do more shows it now
// and then, whatever else holds us up.
func (u *uplink) rate() int64 {
	if len(u.rates) < uplinkLooks {
		return 0
	}
	sorted := slices.Clone(u.rates)
	slices.Sort(sorted)
	return int64(sorted[len(sorted)-2])
}
