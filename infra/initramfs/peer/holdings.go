package main

import "context"

// Where the pieces lie.
type holdings struct {
	store  store
	failed chan error
	window int64
}

func openHoldings(o options, l layout) (*holdings, error) {
	if o.memory > 0 {
		keep := int(o.memory << 20 / int64(l.pieceLength))
		st := newMemoryStore(keep)
		sparing(o.memory)
		return &holdings{store: st, failed: st.failed, window: int64(keep/2) * int64(l.pieceLength)}, nil
	}
	st, err := openFileStore(l, o.file, o.resume)
	if err != nil {
		return nil, err
	}
	return &holdings{store: st, failed: st.failed}, nil
}

// divide sets how many stripes there are. Nobody is connected yet.
func (s *swarm) divide(stripes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stripes = stripes
	s.low, s.haveIn, s.flows, s.parents = make([]int, stripes), make([]int, stripes), make([]flow, stripes), make([]string, stripes)
	for stripe := range s.low {
		s.low[stripe] = stripe
	}
	for piece, here := range s.have {
		if here {
			s.count(piece)
		}
	}
}

// note keeps in mind that a piece is here, and lets it be written out.
func (s *swarm) note(piece int) {
	s.have[piece] = true
	s.count(piece)
	if s.left--; s.left == 0 {
		close(s.done)
	}
	select {
	case s.more <- struct{}{}:
	default:
	}
}

// missingBytes is how much is not here, in whole pieces.
func (s *swarm) missingBytes() int64 { return int64(s.left) * int64(s.pieceLength) }

// count keeps the sums of a stripe.
func (s *swarm) count(piece int) {
	stripe := s.stripe(piece)
	s.haveIn[stripe]++
	for s.low[stripe] < len(s.have) && s.have[s.low[stripe]] {
		s.low[stripe] += s.stripes
	}
}

// takeOver finds what the store holds of the image already: each piece that is what was signed. What comes first is written
// out while the rest is looked at. Nobody is connected yet.
func (s *swarm) takeOver(ctx context.Context) {
	data := make([]byte, s.pieceLength)
	for piece := range s.have {
		if ctx.Err() != nil {
			return
		}
		part := data[:s.size(piece)]
		if s.store.get(piece, 0, part) == nil && s.good(piece, part) {
			s.mu.Lock()
			s.note(piece)
			s.mu.Unlock()
		}
	}
}

// offered is what others may ask for: all that is here, unless memory has let go of it.
func (s *swarm) offered() []bool {
	st, inMemory := s.store.(*memoryStore)
	if !inMemory {
		return s.have
	}
	offered := make([]bool, len(s.have))
	for piece := range s.have {
		offered[piece] = s.have[piece] && st.kept(piece)
	}
	return offered
}
