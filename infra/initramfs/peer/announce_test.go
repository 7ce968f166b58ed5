package main

import (
	"context"
	"strings"
	"testing"
)

// A tracker that is away is told of in logs that every viewer may read.
func TestAnErrorDoesNotTellTheNonce(t *testing.T) {
	a := newAnnouncer("http://127.0.0.1:1/announce?nonce=0123456789abcdef0123456789abcdef", [20]byte{}, [20]byte{}, 1)

	_, err := a.announce(context.Background(), report{})

	if err == nil || strings.Contains(err.Error(), "nonce") || !strings.Contains(err.Error(), "refused") {
		t.Fatalf("told %v", err)
	}
}
