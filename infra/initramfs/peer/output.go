package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"
)

// streamWhole writes everything out and ends what it goes to; `out` is closed then, and `written` gets the error or nil.
func (s *swarm) streamWhole(ctx context.Context, to io.WriteCloser, written chan<- error, out chan<- struct{}) {
	err := s.stream(ctx, to)
	to.Close()
	close(out)
	written <- err
}

// stream writes the pieces out in order as they come, so that what reads them can begin long before the last is here.
func (s *swarm) stream(ctx context.Context, to io.Writer) error {
	buffer := make([]byte, s.pieceLength)
	for piece := 0; piece < len(s.have); {
		s.mu.Lock()
		here := s.have[piece]
		s.mu.Unlock()
		if !here {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-s.more:
			case <-time.After(lookEvery):
			}
			continue
		}
		data := buffer[:s.size(piece)]
		if err := s.store.get(piece, 0, data); err != nil {
			return err
		}
		if _, err := to.Write(data); err != nil {
			return err
		}
		piece++
		s.mu.Lock()
		s.written = piece
		s.mu.Unlock()
	}
	return nil
}

// status is what the agent reads once a second: `name=value`, a line each. The file is replaced, never half written.
func (s *swarm) status(path string, before *sample) error {
	s.mu.Lock()
	web, streamed := s.web, s.written*100/len(s.have)
	now := sample{time.Now(), s.in + web, s.out}
	got, pieces := len(s.have)-s.left, len(s.have)
	parents := 0
	for c := range s.conns {
		for _, ip := range s.parents {
			if c.ip == ip {
				parents++
				break
			}
		}
	}
	neighbours := len(s.conns)
	s.mu.Unlock()
	passed := max(now.at.Sub(before.at).Seconds(), 0.001)
	in, out := float64(now.in-before.in)/passed, float64(now.out-before.out)/passed
	eta := -1.0
	if in > 0 {
		eta = float64(int64(pieces-got)*int64(s.pieceLength)) / in
	}
	*before = now
	text := fmt.Sprintf("percent=%d\nrate=%.0f\nrate_out=%.0f\nneighbours=%d\nparents=%d\neta=%.0f\nin=%d\nout=%d\nweb=%d\nstreamed=%d\n",
		got*100/pieces, in, out, neighbours, parents, eta, now.in-web, now.out, web, streamed)
	if err := os.WriteFile(path+".new", []byte(text), 0o644); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

type sample struct {
	at      time.Time
	in, out int64
}

// reportEverySecond keeps the status file true; that all is here, or written out, is told at once.
func (s *swarm) reportEverySecond(ctx context.Context, path string, out <-chan struct{}) {
	before := sample{at: time.Now()}
	done := s.done
	for {
		if err := s.status(path, &before); err != nil {
			s.store.fail(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-done:
			done = nil
		case <-out:
			out = nil
		case <-time.After(time.Second):
		}
	}
}
