package main

import (
	"crypto/sha1"
	"errors"
	"fmt"
)

// A torrent of one file (BEP 3). Its piece sums are not read: they are SHA-1, and the manifest has better ones.
type torrent struct {
	infoHash    [20]byte
	announce    string
	webSeeds    []string
	length      int64
	pieceLength int
}

const longestPiece = 16 << 20

func parseTorrent(text []byte) (*torrent, error) {
	value, spans, err := decodeBencode(text)
	if err != nil {
		return nil, err
	}
	top, ok := value.(dict)
	if !ok {
		return nil, errors.New("torrent: not a dictionary")
	}
	info, ok := top["info"].(dict)
	if !ok {
		return nil, errors.New("torrent: no info dictionary")
	}
	span := spans["info"]
	t := &torrent{infoHash: sha1.Sum(text[span[0]:span[1]])}
	t.announce, _ = top["announce"].(string)
	t.length, _ = info["length"].(int64)
	length, _ := info["piece length"].(int64)
	if t.length <= 0 || length < 1024 || length > longestPiece {
		return nil, fmt.Errorf("torrent: a file of %d bytes in pieces of %d", t.length, length)
	}
	t.pieceLength = int(length)
	switch seeds := top["url-list"].(type) {
	case string:
		t.webSeeds = []string{seeds}
	case []any:
		for _, seed := range seeds {
			if url, ok := seed.(string); ok {
				t.webSeeds = append(t.webSeeds, url)
			}
		}
	}
	return t, nil
}

// Pieces and blocks of a file.
type layout struct {
	length      int64
	pieceLength int
	stripes     int
}

// blockLength is what one request asks for: more is refused by every client.
const blockLength = 16384

func (l layout) pieces() int {
	return int((l.length + int64(l.pieceLength) - 1) / int64(l.pieceLength))
}

func (l layout) size(piece int) int {
	if piece == l.pieces()-1 {
		return int(l.length - int64(piece)*int64(l.pieceLength))
	}
	return l.pieceLength
}

func (l layout) blocks(piece int) int {
	return (l.size(piece) + blockLength - 1) / blockLength
}

func (l layout) blockSize(piece, block int) int {
	return min(blockLength, l.size(piece)-block*blockLength)
}

func (l layout) stripe(piece int) int {
	return piece % l.stripes
}

// inStripe is how many pieces a stripe has.
func (l layout) inStripe(stripe int) int {
	return (l.pieces() - stripe + l.stripes - 1) / l.stripes
}
