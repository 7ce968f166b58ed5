package main

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
)

const someTorrent = "d8:announce12:http://a/ann4:infod6:lengthi40000e4:name5:image12:piece lengthi32768e6:pieces40:" +
	"0123456789012345678901234567890123456789e8:url-listl8:http://wee"

func TestATorrentIsReadWithItsInfoHash(t *testing.T) {
	got, err := parseTorrent([]byte(someTorrent))
	if err != nil {
		t.Fatal(err)
	}
	if got.announce != "http://a/ann" || got.length != 40000 || got.pieceLength != 32768 || got.webSeeds[0] != "http://w" {
		t.Errorf("read %+v", got)
	}
}

func TestATorrentThatIsCutOffAnywhereIsRefused(t *testing.T) {
	for length := range someTorrent {
		if _, err := parseTorrent([]byte(someTorrent[:length])); err == nil {
			t.Errorf("%d bytes were taken for a torrent", length)
		}
	}
}

func TestATorrentOfAbsurdPiecesIsRefused(t *testing.T) {
	for _, pieceLength := range []string{"i0e", "i-1e", "i99999999999e"} {
		if _, err := parseTorrent([]byte(strings.Replace(someTorrent, "i32768e", pieceLength, 1))); err == nil {
			t.Errorf("pieces of %s were taken", pieceLength)
		}
	}
}

func signed(t *testing.T, change func(text []byte)) (text, signature, key []byte) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte("data"))
	text, err = json.Marshal(map[string]any{"tree": map[string]any{"size": 4, "pieceLength": 1024, "pieces": hex.EncodeToString(sum[:])}})
	if err != nil {
		t.Fatal(err)
	}
	signature = ed25519.Sign(private, text)
	change(text)
	return text, signature, public
}

func TestAPieceIsGoodWhenItsSumWasSigned(t *testing.T) {
	m, err := readManifest(signed(t, func([]byte) {}))
	if err != nil {
		t.Fatal(err)
	}
	if !m.good(0, []byte("data")) || m.good(0, []byte("date")) {
		t.Error("the sum does not tell right from wrong")
	}
}

func TestAManifestWithOneBitFlippedIsRefused(t *testing.T) {
	text, _, _ := signed(t, func([]byte) {})
	for at := range text {
		if _, err := readManifest(signed(t, func(text []byte) { text[at] ^= 1 })); err == nil {
			t.Fatalf("bit 0 of byte %d was flipped, and nobody minded", at)
		}
	}
}

func TestAMessageLongerThanAnyIsRefusedBeforeItIsRead(t *testing.T) {
	var buffer []byte
	reader := bufio.NewReader(bytes.NewReader([]byte{0x7f, 0xff, 0xff, 0xff, msgPiece}))
	if _, err := readMessage(reader, &buffer, 1<<15, func(int) {}); err == nil || len(buffer) > 0 {
		t.Error("two gigabytes were about to be read")
	}
}

func TestTheFirstPeersOfAShapedAnswerAreParents(t *testing.T) {
	r, err := parseReply([]byte("d8:intervali10e13:luna intervali500e12:luna stripesi2e5:peers12:\x0a\x00\x00\x01\x1a\xe1\x0a\x00\x00\x02\x1a\xe1e"))
	if err != nil {
		t.Fatal(err)
	}
	if r.stripes != 2 || r.interval.Milliseconds() != 500 || r.peers[1] != (netPeer{"10.0.0.2", 6881}) {
		t.Errorf("read %+v", r)
	}
}

func TestARefusalOfTheTrackerIsAnErrorWithItsReason(t *testing.T) {
	_, err := parseReply([]byte("d14:failure reason7:go awaye"))
	if err == nil || !strings.Contains(err.Error(), "go away") {
		t.Errorf("got %v", err)
	}
}

func FuzzParsersRefuseAndNeverFall(f *testing.F) {
	f.Add([]byte(someTorrent))
	f.Add([]byte("d8:intervali10e5:peers6:\x0a\x00\x00\x01\x1a\xe1e"))
	f.Add([]byte("\x00\x00\x00\x0d\x06\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x40\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if got, err := parseTorrent(text); err == nil && (got.length <= 0 || got.pieceLength <= 0) {
			t.Errorf("took %+v", got)
		}
		parseReply(text)
		var buffer []byte
		reader := bufio.NewReader(bytes.NewReader(text))
		for {
			if _, err := readMessage(reader, &buffer, 1<<15, func(int) {}); err != nil {
				break
			}
		}
		readHandshake(bytes.NewReader(text), [20]byte{})
		parseSpan(text)
	})
}
