package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// The manifest says what an image consists of, by SHA-256; only it is trusted, and only when it is signed.
type manifest struct {
	Artefact string     `json:"artefact"`
	Tree     signedFile `json:"tree"`
	// Rest is what the initramfs lacks when a machine boots.
	Rest *signedFile `json:"rest"`
	sums []byte
}

// A file that goes from machine to machine in pieces.
type signedFile struct {
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	// InfoHash is the torrent's, in hex: a torrent of another one is another swarm.
	InfoHash    string `json:"infoHash"`
	PieceLength int    `json:"pieceLength"`
	// Pieces are the sums of the pieces, one after another, in hex.
	Pieces string `json:"pieces"`
}

// A refusal says that something is not what was signed: trying again, or elsewhere, is of no use.
type refusal string

func (r refusal) Error() string { return string(r) }

func refuse(format string, args ...any) error { return refusal(fmt.Sprintf(format, args...)) }

// readManifest checks the signature before it looks at a byte of the text.
func readManifest(text, signature, publicKey []byte) (*manifest, error) {
	if len(publicKey) != ed25519.PublicKeySize {
		return nil, refuse("public key: %d bytes instead of %d: the initramfs is damaged", len(publicKey), ed25519.PublicKeySize)
	}
	if !ed25519.Verify(publicKey, text, signature) {
		return nil, refuse("manifest: its signature is not the controller's")
	}
	m := &manifest{}
	if err := json.Unmarshal(text, m); err != nil {
		return nil, refuse("manifest: %v", err)
	}
	return m, m.readSums()
}

func (m *manifest) readSums() error {
	sums, err := hex.DecodeString(m.Tree.Pieces)
	if err != nil {
		return refuse("manifest: pieces: %v", err)
	}
	l := layout{length: m.Tree.Size, pieceLength: m.Tree.PieceLength}
	if m.Tree.Size <= 0 || m.Tree.PieceLength <= 0 || len(sums) != l.pieces()*sha256.Size {
		return refuse("manifest: %d bytes of sums do not fit a file of %d bytes", len(sums), m.Tree.Size)
	}
	m.sums = sums
	return nil
}

// fits says whether a torrent is of the file that the manifest describes.
func (m *manifest) fits(t *torrent) error {
	if t.length != m.Tree.Size || t.pieceLength != m.Tree.PieceLength {
		return refuse("torrent: a file of %d bytes in pieces of %d, the manifest says %d in %d", t.length, t.pieceLength, m.Tree.Size, m.Tree.PieceLength)
	}
	if hash := hex.EncodeToString(t.infoHash[:]); m.Tree.InfoHash != "" && hash != m.Tree.InfoHash {
		return refuse("torrent: its info hash is %s, the manifest says %s", hash, m.Tree.InfoHash)
	}
	return nil
}

// ofRest is the manifest of the rest of the initramfs alone.
func ofRest(text, signature, publicKey []byte) (*manifest, error) {
	m, err := readManifest(text, signature, publicKey)
	if err != nil {
		return nil, err
	}
	if m.Rest == nil {
		return nil, refuse("manifest: it knows no rest of the initramfs")
	}
	m.Tree = *m.Rest
	return m, m.readSums()
}

// good says whether a piece is what was signed.
func (m *manifest) good(piece int, data []byte) bool {
	return sha256.Sum256(data) == [sha256.Size]byte(m.sums[piece*sha256.Size:])
}
