package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"net"
	"testing"
	"time"
)

// A peer with a file of eight pieces in two stripes, and connections that go nowhere.
func testSwarm(t *testing.T) (*swarm, []byte) {
	t.Helper()
	file := bytes.Repeat([]byte("0123456789abcdef"), 8*2048)
	l := layout{length: int64(len(file)), pieceLength: 2 * blockLength, stripes: 2}
	good := func(piece int, data []byte) bool { return bytes.Equal(data, file[piece*l.pieceLength:][:len(data)]) }
	s := newSwarm(l, [20]byte{}, [20]byte{}, good, newMemoryStore(l.pieces()), settings{silence: time.Second, eager: time.Second})
	return s, file
}

func join(t *testing.T, s *swarm, ip string, pieces ...int) *conn {
	t.Helper()
	ours, theirs := net.Pipe()
	t.Cleanup(func() { ours.Close(); theirs.Close() })
	c := newConn(s, ours)
	c.ip, c.open = ip, true
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns[c] = true
	for _, piece := range pieces {
		s.noteHave(c, piece)
	}
	s.fill(c)
	return c
}

func (s *swarm) answerAll(c *conn, file []byte) {
	for len(c.asked) > 0 {
		for b := range c.asked {
			from := b.piece*s.pieceLength + b.block*blockLength
			s.received(c, b, file[from:from+s.blockSize(b.piece, b.block)])
			break
		}
	}
}

var all = []int{0, 1, 2, 3, 4, 5, 6, 7}

func TestEachStripeIsAskedOfItsParent(t *testing.T) {
	s, _ := testSwarm(t)
	s.parents = []string{"10.0.0.1", "10.0.0.2"}
	even, odd := join(t, s, "10.0.0.1", all...), join(t, s, "10.0.0.2", all...)
	for b := range even.asked {
		if b.piece%2 != 0 {
			t.Errorf("piece %d was asked of the parent of the even ones", b.piece)
		}
	}
	if len(even.asked) == 0 || len(odd.asked) == 0 {
		t.Error("a parent was asked nothing")
	}
}

func TestAFileComesWholeFromTwoParents(t *testing.T) {
	s, file := testSwarm(t)
	s.parents = []string{"10.0.0.1", "10.0.0.2"}
	even, odd := join(t, s, "10.0.0.1", all...), join(t, s, "10.0.0.2", all...)
	s.answerAll(even, file)
	s.answerAll(odd, file)
	s.answerAll(even, file)
	select {
	case <-s.done:
	default:
		t.Errorf("%d pieces are missing", s.left)
	}
}

func TestASilentParentIsNamedAndWhatItOwesIsAskedOfASpare(t *testing.T) {
	s, _ := testSwarm(t)
	s.parents, s.spares = []string{"10.0.0.1", "10.0.0.1"}, []string{"10.0.0.3"}
	silent, spare := join(t, s, "10.0.0.1", all...), join(t, s, "10.0.0.3", all...)
	if len(spare.asked) > 0 {
		t.Fatal("a spare was asked while the parent answers")
	}
	s.clock = func() time.Time { return time.Now().Add(time.Minute) }
	s.look()
	if len(silent.asked) > 0 || len(spare.asked) == 0 {
		t.Error("the spare was not asked for what the parent owes")
	}
	if got := <-s.complaints; got != (complaint{"lost", "10.0.0.1"}) {
		t.Errorf("complained %v", got)
	}
}

func TestAPoisonedPieceIsNotKeptAndItsSenderIsNamed(t *testing.T) {
	s, file := testSwarm(t)
	s.parents = []string{"10.0.0.1", "10.0.0.1"}
	liar := join(t, s, "10.0.0.1", all...)
	poison := bytes.Repeat([]byte{0}, len(file))
	s.answerAll(liar, poison)
	if s.left != s.pieces() {
		t.Errorf("%d wrong pieces were kept", s.pieces()-s.left)
	}
	if got := <-s.complaints; got != (complaint{"bad", "10.0.0.1"}) {
		t.Errorf("complained %v", got)
	}
}

// halfWrong is a swarm in which the first piece came from two peers, and one of them sent another half than was signed.
func halfWrong(t *testing.T) (s *swarm, file []byte, honest, liar *conn) {
	t.Helper()
	s, file = testSwarm(t)
	honest, liar = join(t, s, "10.0.0.1"), join(t, s, "10.0.0.2")
	s.mu.Lock()
	p := s.begin(0)
	for b, c := range []*conn{honest, liar} {
		p.state[b] = blockAsked
		c.asked[block{0, b}] = time.Now()
	}
	s.mu.Unlock()
	s.received(honest, block{0, 0}, file[:blockLength])
	s.received(liar, block{0, 1}, make([]byte, blockLength))
	return s, file, honest, liar
}

func TestOfTwoSendersOfAWrongPieceOnlyTheOneThatSendsItAgainIsNamed(t *testing.T) {
	s, _, _, liar := halfWrong(t)
	if len(s.complaints) > 0 {
		t.Fatal("somebody was named who may have sent the right half")
	}
	if s.begun[0] == nil || s.begun[0].solo != liar {
		t.Error("the piece is not asked of one alone")
	}
}

func TestWhatAFormerParentOwesIsAskedOfItsSuccessor(t *testing.T) {
	s, _ := testSwarm(t)
	s.parents = []string{"10.0.0.1", "10.0.0.1"}
	former, next := join(t, s, "10.0.0.1", all...), join(t, s, "10.0.0.2", all...)
	s.arrange([]string{"10.0.0.2", "10.0.0.2"}, nil, "", nil)
	if len(former.asked) > 0 || len(next.asked) == 0 {
		t.Errorf("the former parent owes %d blocks, the new one %d", len(former.asked), len(next.asked))
	}
}

func TestNoPieceIsAskedBeyondTheWindow(t *testing.T) {
	s, file := testSwarm(t)
	s.window = int64(2 * s.pieceLength)
	s.parents = []string{"10.0.0.1", "10.0.0.1"}
	s.answerAll(join(t, s, "10.0.0.1", all...), file)
	if s.pieces()-s.left != 2 {
		t.Errorf("%d pieces came into a window of 2", s.pieces()-s.left)
	}
}

func TestABlockOfAnotherLengthEndsTheConnectionAndWhatItOwedIsAskedOfOthers(t *testing.T) {
	s, file := testSwarm(t)
	liar := join(t, s, "10.0.0.1", all...)
	s.parents = []string{"10.0.0.1", "10.0.0.1"}
	s.fill(liar)
	for b := range liar.asked {
		body := append(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(b.piece)), uint32(b.block*blockLength)), 'x')
		if s.handle(liar, message{id: msgPiece, body: body}) == nil {
			t.Fatal("a block of one byte is taken")
		}
		break
	}
	liar.closed = true
	s.doWithout(liar)
	delete(s.conns, liar)

	s.answerAll(join(t, s, "10.0.0.2", all...), file)

	if s.left != 0 {
		t.Errorf("%d pieces are missing", s.left)
	}
}

func TestWhatNobodyAskedForIsNoSignOfLife(t *testing.T) {
	s, file := testSwarm(t)
	s.parents = []string{"10.0.0.1", "10.0.0.1"}
	silent := join(t, s, "10.0.0.1", all...)
	s.clock = func() time.Time { return time.Now().Add(time.Minute) }
	s.look()
	s.received(silent, block{7, 1}, file[7*s.pieceLength+blockLength:][:blockLength])
	if !silent.silent || s.in != 0 {
		t.Errorf("silent %v, %d bytes came", silent.silent, s.in)
	}
}

func TestALiarThatKeepsQuietWhenItIsAskedAloneKeepsNoPieceFromUs(t *testing.T) {
	s, file, honest, liar := halfWrong(t)
	s.parents = []string{"10.0.0.1", "10.0.0.1"}
	for _, piece := range all {
		s.noteHave(honest, piece)
		s.noteHave(liar, piece)
	}
	s.fill(honest)
	s.answerAll(honest, file)
	if s.left != 1 {
		t.Fatalf("%d pieces are missing, and the one that came out wrong is asked of one alone", s.left)
	}

	s.clock = func() time.Time { return time.Now().Add(soloFor) }
	s.look()
	s.answerAll(honest, file)

	if s.left != 0 {
		t.Errorf("%d pieces are missing", s.left)
	}
	if got := <-s.complaints; got != (complaint{"bad", "10.0.0.2"}) {
		t.Errorf("complained %v", got)
	}
}

func TestWhoLetsAByteFallNowAndThenIsSilentSoon(t *testing.T) {
	c := &conn{rate: 5}
	if c.patience(time.Second) > mostPatience {
		t.Errorf("is waited for %v", c.patience(time.Second))
	}
}

// Whatever a peer says, the file comes whole from one that is honest.
func FuzzNoMessageKeepsTheFileFromUs(f *testing.F) {
	f.Add(append(encodeMessage(msgUnchoke), encodeMessage(msgHave, 3)...))
	f.Add(append(encodeMessage(msgPiece, 0, 0), encodeMessage(msgChoke)...))
	f.Add([]byte{0, 0, 0, 10, msgPiece, 0, 0, 0, 0, 0, 0, 0, 0, 'x', 0, 0, 0, 2, msgBitfield, 0xff})
	f.Add(append(encodeMessage(msgRequest, 1, 0, blockLength), encodeMessage(msgCancel, 1, 0, blockLength)...))
	f.Fuzz(func(t *testing.T, said []byte) {
		s, file := testSwarm(t)
		s.parents = []string{"10.0.0.1", "10.0.0.2"}
		hostile := join(t, s, "10.0.0.1", all...)
		reader, buffer := bufio.NewReader(bytes.NewReader(said)), []byte(nil)
		for {
			m, err := readMessage(reader, &buffer, blockLength+1024, func(int) {})
			if err != nil || s.handle(hostile, m) != nil {
				break
			}
		}
		honest := join(t, s, "10.0.0.2", all...)
		for turn := 1; turn < 9 && s.left > 0; turn++ {
			s.clock = func() time.Time { return time.Now().Add(time.Duration(turn) * 10 * time.Second) }
			s.answerAll(honest, file)
			s.look()
		}
		if s.left > 0 {
			t.Errorf("%d pieces are missing", s.left)
		}
	})
}
