package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A file of a few pieces, and what says whether a piece is of it.
func someFile(pieces int) (layout, []byte, func(int, []byte) bool) {
	data := bytes.Repeat([]byte("0123456789abcdef"), pieces*2048)
	data = data[:len(data)-100]
	for i := range data {
		data[i] ^= byte(i >> 15)
	}
	l := layout{length: int64(len(data)), pieceLength: 32768, stripes: 3}
	return l, data, func(piece int, got []byte) bool {
		from := piece * l.pieceLength
		return sha256.Sum256(got) == sha256.Sum256(data[from:from+l.size(piece)])
	}
}

func TestFileOfAnEarlierTryIsCheckedPieceByPiece(t *testing.T) {
	l, data, good := someFile(8)
	path := filepath.Join(t.TempDir(), "tree")
	data[3*l.pieceLength] ^= 1
	os.WriteFile(path, data[:6*l.pieceLength+5], 0o600)
	data[3*l.pieceLength] ^= 1
	st, err := openFileStore(l, path, true)
	if err != nil {
		t.Fatal(err)
	}
	s := newSwarm(l, [20]byte{}, [20]byte{}, good, st, settings{})

	s.takeOver(context.Background())

	if got := fmt.Sprint(s.have); got != "[true true true false true true false false]" || s.left != 3 {
		t.Errorf("takes over %s, %d left", got, s.left)
	}
}

func TestWhatIsHereIsWrittenOutWhileTheRestIsChecked(t *testing.T) {
	l, data, good := someFile(8)
	path := filepath.Join(t.TempDir(), "tree")
	os.WriteFile(path, data, 0o600)
	st, err := openFileStore(l, path, true)
	if err != nil {
		t.Fatal(err)
	}
	from, to := io.Pipe()
	begun := make(chan bool)
	s := newSwarm(l, [20]byte{}, [20]byte{}, func(piece int, got []byte) bool {
		if piece == 4 {
			select {
			case <-begun:
			case <-time.After(20 * time.Second):
				t.Error("nothing is written out before the last piece is checked")
			}
		}
		return good(piece, got)
	}, st, settings{})
	written, out := make(chan error, 1), make(chan struct{})
	go s.streamWhole(context.Background(), to, written, out)
	go s.takeOver(context.Background())

	first := make([]byte, 2*l.pieceLength)
	if _, err := io.ReadFull(from, first); err != nil {
		t.Fatal(err)
	}
	close(begun)
	rest, err := io.ReadAll(from)

	if err != nil || <-written != nil || !bytes.Equal(append(first, rest...), data) {
		t.Errorf("writes out something else: %v", err)
	}
	s.divide(5)
	if s.missingBytes() != 0 || fmt.Sprint(s.haveIn) != "[2 2 2 1 1]" {
		t.Errorf("counts %v by stripe", s.haveIn)
	}
}

func TestWebSeedFillsTheStreamWithinTheWindow(t *testing.T) {
	l, data, good := someFile(20)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	}))
	defer server.Close()
	st := newMemoryStore(4)
	s := newSwarm(l, [20]byte{}, [20]byte{}, good, st, settings{window: 2 * int64(l.pieceLength)})
	w := &webSeed{swarm: s, client: server.Client(), wrong: map[int]int{}}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var out bytes.Buffer
	written := make(chan error, 1)
	go func() { written <- s.stream(ctx, &out) }()

	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		if first, count := w.missing(); count > 0 {
			if err := w.fetch(ctx, server.URL, first, count); err != nil {
				t.Fatal(err)
			}
		} else if s.left == 0 {
			break
		} else {
			time.Sleep(time.Millisecond)
		}
	}

	if err := <-written; err != nil || !bytes.Equal(out.Bytes(), data) {
		t.Errorf("%d bytes came out, %v", out.Len(), err)
	}
	if s.web != l.length {
		t.Errorf("counts %d bytes of the web seed", s.web)
	}
	if offered := s.offered(); offered[0] || !offered[19] {
		t.Error("offers what it has let go of")
	}
}

func TestWebSeedIsGivenUp(t *testing.T) {
	l, data, good := someFile(4)
	wrong := bytes.Clone(data)
	wrong[l.pieceLength+7] ^= 4
	for _, c := range []struct {
		name, want string
		answer     http.HandlerFunc
	}{
		{"that sends something else", "is not what was signed", func(w http.ResponseWriter, r *http.Request) {
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(wrong))
		}},
		{"that says no", "the controller answered 403 Forbidden", func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no", 403) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(c.answer)
			defer server.Close()
			st := newMemoryStore(4)
			s := newSwarm(l, [20]byte{}, [20]byte{}, good, st, settings{})
			w := &webSeed{swarm: s, client: server.Client(), wrong: map[int]int{}}

			for tries := 0; tries < webTries; tries++ {
				if w.fetch(context.Background(), server.URL+"/x?nonce=secret", 0, 2) == nil {
					t.Fatal("takes it")
				}
			}

			select {
			case err := <-st.failed:
				if !bytes.Contains([]byte(err.Error()), []byte(c.want)) || bytes.Contains([]byte(err.Error()), []byte("secret")) {
					t.Error(err)
				}
			default:
				t.Error("goes on")
			}
		})
	}
}
