package main

import (
	"sync"
	"time"
)

// Turns bound the blocks that are being written at once over all connections: what waits in sockets can't be reordered,
// and a link that is shared evenly is what the trees count on. Whom we are to feed goes first.
type turns struct {
	mu      sync.Mutex
	free    int
	waiting [2][]chan struct{} // children, others
	given   int
}

var writing = &turns{free: 2}

const (
	// longestTurn is how long a block may keep others waiting: a machine that is gone would stop everything until it is given up.
	longestTurn = 300 * time.Millisecond
	// asideEvery is how many turns there are to one of those that we are not to feed, while they have to share: it may be a
	// child that we have not been told of yet.
	asideEvery = 10
)

// take waits until a block may be written; the function it gives ends the turn.
func (t *turns) take(aside bool) func() {
	t.mu.Lock()
	if t.free > 0 {
		t.free--
		t.mu.Unlock()
	} else {
		mine := make(chan struct{})
		queue := 0
		if aside {
			queue = 1
		}
		t.waiting[queue] = append(t.waiting[queue], mine)
		t.mu.Unlock()
		<-mine
	}
	var once sync.Once
	release := func() { once.Do(t.release) }
	timer := time.AfterFunc(longestTurn, release)
	return func() {
		timer.Stop()
		release()
	}
}

func (t *turns) release() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.given++
	first := 0
	if len(t.waiting[0]) == 0 || len(t.waiting[1]) > 0 && t.given%asideEvery == 0 {
		first = 1
	}
	if len(t.waiting[first]) == 0 {
		t.free++
		return
	}
	next := t.waiting[first][0]
	t.waiting[first] = t.waiting[first][1:]
	close(next)
}
