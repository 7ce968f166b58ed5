package main

import (
	"testing"
	"time"
)

func TestAnUplinkIsKnownByTheMostItCarriedWhileMachinesWaited(t *testing.T) {
	var u uplink
	u.rates = []float64{250, 260, 90, 255, 240, 100}
	if got := u.rate(); got != 255 {
		t.Errorf("rate %d", got)
	}
	u.rates = u.rates[:3]
	if got := u.rate(); got != 0 {
		t.Errorf("a rate of %d is told after three looks", got)
	}
}

func TestTurnsGoToChildrenFirstAndStillToOthers(t *testing.T) {
	turns := &turns{free: 1}
	end := turns.take(false)
	order := make(chan string, 2)
	wait := func(name string, aside bool) {
		queued := func() int {
			turns.mu.Lock()
			defer turns.mu.Unlock()
			return len(turns.waiting[0]) + len(turns.waiting[1])
		}
		before := queued()
		go func() {
			release := turns.take(aside)
			order <- name
			release()
		}()
		for queued() == before {
			time.Sleep(time.Millisecond)
		}
	}
	wait("other", true)
	wait("child", false)
	end()
	if first, second := <-order, <-order; first != "child" || second != "other" {
		t.Errorf("first %s, then %s", first, second)
	}
}

func TestTheSenderOfAWrongBlockIsNamedWhenSeveralSentThePiece(t *testing.T) {
	s, file := testSwarm(t)
	s.parents = []string{"10.0.0.1", "10.0.0.2"}
	honest, hostile := join(t, s, "10.0.0.1"), join(t, s, "10.0.0.9")
	p := s.begin(0)
	for b, c := range []*conn{honest, hostile} {
		s.ask(c, block{0, b})
		p.state[b] = blockAsked
	}
	wrong := make([]byte, blockLength)
	s.received(hostile, block{0, 1}, wrong)
	s.received(honest, block{0, 0}, file[:blockLength])
	again := s.begun[0]
	if again == nil || again.solo == nil {
		t.Fatal("the piece is not asked of one alone")
	}
	for b := 0; b < 2; b++ {
		again.state[b] = blockAsked
		s.ask(again.solo, block{0, b})
		s.received(again.solo, block{0, b}, file[b*blockLength:(b+1)*blockLength])
	}
	if !s.banned["10.0.0.9"] || s.banned["10.0.0.1"] {
		t.Errorf("banned: %v", s.banned)
	}
}
