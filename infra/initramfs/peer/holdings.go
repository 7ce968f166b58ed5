package main

// Where the pieces lie, and which are there before anyone is asked.
type holdings struct {
	store  store
	failed chan error
	here   []bool
	window int64
}

func openHoldings(o options, l layout, m *manifest) (*holdings, error) {
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
	h := &holdings{store: st, failed: st.failed}
	if o.resume {
		h.here = st.check(m.good)
	}
	return h, nil
}

// left is how many bytes are missing.
func (h *holdings) left(l layout) int64 {
	left := l.length
	for piece, here := range h.here {
		if here {
			left -= int64(l.size(piece))
		}
	}
	return left
}

// note counts a piece that is here.
func (s *swarm) note(piece int) {
	stripe := s.stripe(piece)
	s.have[piece] = true
	s.haveIn[stripe]++
	s.left--
	for s.low[stripe] < len(s.have) && s.have[s.low[stripe]] {
		s.low[stripe] += s.stripes
	}
}

// check finds what a file holds of the image already: each piece that is what was signed.
func (f *fileStore) check(good func(piece int, data []byte) bool) []bool {
	here := make([]bool, f.pieces())
	data := make([]byte, f.pieceLength)
	for piece := range here {
		part := data[:f.size(piece)]
		here[piece] = f.get(piece, 0, part) == nil && good(piece, part)
	}
	return here
}

// takeOver begins with what is here already. Nobody is connected yet.
func (s *swarm) takeOver(here []bool) {
	for piece := range here {
		if here[piece] {
			s.note(piece)
		}
	}
	if s.left == 0 {
		close(s.done)
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
