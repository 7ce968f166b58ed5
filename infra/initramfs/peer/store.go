package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"sync"
)

// Where verified pieces lie until they are written out and passed on.
type store interface {
	put(piece int, data []byte) error
	get(piece, offset int, into []byte) error
	// fail ends everything: what can't be kept can't be passed on.
	fail(err error)
}

// A store in a file, such as scratch space on the target disk.
type fileStore struct {
	layout
	file   *os.File
	failed chan error
}

func openFileStore(l layout, path string, resume bool) (*fileStore, error) {
	mode := os.O_RDWR | os.O_CREATE
	if !resume {
		mode |= os.O_TRUNC
	}
	file, err := os.OpenFile(path, mode, 0o600)
	if err != nil {
		return nil, err
	}
	return &fileStore{layout: l, file: file, failed: make(chan error, 1)}, nil
}

func (f *fileStore) put(piece int, data []byte) error {
	_, err := f.file.WriteAt(data, int64(piece)*int64(f.pieceLength))
	return err
}

func (f *fileStore) get(piece, offset int, into []byte) error {
	_, err := f.file.ReadAt(into, int64(piece)*int64(f.pieceLength)+int64(offset))
	return err
}

func (f *fileStore) fail(err error) { offer(f.failed, err) }

// A store in memory that keeps the newest pieces only: for machines whose root is memory too.
type memoryStore struct {
	mu     sync.Mutex
	keep   int
	pieces map[int][]byte
	order  []int
	failed chan error
}

// sparing has the collector run often, so that a store of some MiB costs hardly more than those.
func sparing(mebibytes int64) {
	debug.SetGCPercent(20)
	debug.SetMemoryLimit((mebibytes + 12) << 20)
}

func newMemoryStore(keep int) *memoryStore {
	return &memoryStore{keep: keep, pieces: map[int][]byte{}, failed: make(chan error, 1)}
}

func (m *memoryStore) put(piece int, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pieces[piece] = data
	m.order = append(m.order, piece)
	for len(m.order) > m.keep {
		delete(m.pieces, m.order[0])
		m.order = m.order[1:]
	}
	return nil
}

func (m *memoryStore) get(piece, offset int, into []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	data, ok := m.pieces[piece]
	if !ok {
		return fmt.Errorf("piece %d is no longer kept", piece)
	}
	copy(into, data[offset:])
	return nil
}

// kept says whether a piece can still be given.
func (m *memoryStore) kept(piece int) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.pieces[piece]
	return ok
}

func (m *memoryStore) fail(err error) { offer(m.failed, err) }

func offer(to chan error, err error) {
	select {
	case to <- err:
	default:
	}
}
