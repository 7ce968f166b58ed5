// peer joins the swarm of one file: it takes pieces from the neighbours the tracker names, checks each by the signed
// manifest, passes it on, and writes the file out in order while it comes. The protocol is BitTorrent's (BEP 3, 19, 23, 27).
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"
)

type options struct {
	torrent, manifest, signature, key string
	file, status, listen              string
	memory                            int64
	stream, resume, check, rest       bool
	verbose                           bool
	silence, eager                    time.Duration
}

func main() {
	var o options
	flag.StringVar(&o.torrent, "torrent", "", "the .torrent `FILE`")
	flag.StringVar(&o.manifest, "manifest", "", "the manifest `FILE`: SHA-256 of every piece")
	flag.StringVar(&o.signature, "signature", "", "its ed25519 signature, 64 bytes in a `FILE`")
	flag.StringVar(&o.key, "key", "", "the public key, 32 bytes in a `FILE`")
	flag.StringVar(&o.file, "file", "", "keep the pieces in this `FILE`")
	flag.Int64Var(&o.memory, "memory", 0, "keep this many `MiB` of pieces in memory instead of a file")
	flag.StringVar(&o.status, "status", "", "write progress to this `FILE` every second")
	flag.StringVar(&o.listen, "listen", ":6881", "`ADDRESS:PORT` for other peers")
	flag.BoolVar(&o.stream, "stream", false, "write the file to the standard output, in order, as it comes")
	flag.BoolVar(&o.resume, "resume", false, "keep what the file has of the image already, each piece checked again")
	flag.BoolVar(&o.check, "check", false, "only check the signature, and the torrent if there is one; say what the image is")
	flag.BoolVar(&o.rest, "rest", false, "load the rest of the initramfs instead of the image")
	flag.BoolVar(&o.verbose, "verbose", false, "tell of every connection")
	flag.DurationVar(&o.silence, "silence", time.Second, "ask others after a feeder was silent for this `TIME`")
	flag.DurationVar(&o.eager, "eager", time.Second, "at the end, ask a second peer for what is owed for this `TIME`")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		var no refusal
		if errors.As(err, &no) {
			os.Exit(notSigned)
		}
		os.Exit(1)
	}
}

// notSigned is the exit code for what differs from what was signed.
const notSigned = 3

// run ends when everything is written out and it is told to end, or when something is wrong.
func run(o options) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	// Who reads the stream may end early; that is an error of a write like any other.
	signal.Ignore(syscall.SIGPIPE)
	if o.check {
		return check(o)
	}
	t, m, err := readFiles(o)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	log := func(format string, args ...any) {
		if o.verbose {
			fmt.Fprintf(os.Stderr, time.Now().Format("15:04:05.000 ")+format+"\n", args...)
		}
	}
	var peerID [20]byte
	copy(peerID[:], "-LN2000-")
	if _, err = rand.Read(peerID[8:]); err != nil {
		return err
	}
	tracker := newAnnouncer(t.announce, t.infoHash, peerID, listener.Addr().(*net.TCPAddr).Port)
	l := layout{t.length, t.pieceLength, plainStripes}
	h, err := openHoldings(o, l)
	if err != nil {
		return err
	}
	s := newSwarm(l, t.infoHash, peerID, m.good, h.store, settings{silence: o.silence, eager: o.eager, window: h.window})
	written, out := make(chan error, 1), make(chan struct{})
	if o.stream {
		go s.streamWhole(ctx, os.Stdout, written, out)
	}
	if o.status != "" {
		go s.reportEverySecond(ctx, o.status, out)
	}
	// Before the tracker hears of us: who is named as a feeder must answer.
	if o.resume {
		s.takeOver(ctx)
	}
	first, err := firstReply(ctx, tracker, t, s.missingBytes(), log)
	if err != nil {
		return err
	}
	if first.stripes > 0 {
		s.divide(first.stripes)
	}
	n := newNeighbours(s, tracker, log)
	// Before anyone is served: who may be depends on what the tracker is.
	n.apply(ctx, first)
	go n.serve(ctx, listener)
	go n.run(ctx, first)
	go s.webSeed(ctx, t.webSeeds, len(first.peers) == 0, log)
	if o.verbose {
		go s.traceAll(ctx, log)
	}
	for {
		select {
		case err := <-h.failed:
			return err
		case err := <-written:
			// Pieces in a file are of use to others, whatever became of who read them here.
			if err != nil && !(o.memory == 0 && errors.Is(err, syscall.EPIPE)) {
				return err
			}
		case <-ctx.Done():
			tracker.leave(n.state("stopped", nil))
			return nil
		}
	}
}

// plainStripes spreads requests over a few peers when the tracker knows nothing of stripes.
const plainStripes = 3

func readFiles(o options) (*torrent, *manifest, error) {
	m, err := signedManifest(o)
	if err != nil {
		return nil, nil, err
	}
	text, err := os.ReadFile(o.torrent)
	if err != nil {
		return nil, nil, err
	}
	t, err := parseTorrent(text)
	if err != nil {
		return nil, nil, refuse("%v", err)
	}
	return t, m, m.fits(t)
}

func signedManifest(o options) (*manifest, error) {
	var parts [3][]byte
	for i, path := range []string{o.manifest, o.signature, o.key} {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		parts[i] = text
	}
	if o.rest {
		return ofRest(parts[0], parts[1], parts[2])
	}
	return readManifest(parts[0], parts[1], parts[2])
}

// check says what is signed: `name=value`, a line each.
func check(o options) error {
	m, err := signedManifest(o)
	if err == nil && o.torrent != "" {
		_, m, err = readFiles(o)
	}
	if err == nil {
		fmt.Printf("artefact=%s\ntree=%s\nsize=%d\n", m.Artefact, m.Tree.SHA256, m.Tree.Size)
	}
	return err
}

// trackerPatience is how long a machine that could load without it waits for the tracker.
const trackerPatience = 8 * time.Second

// firstReply asks until the tracker answers: a machine that is early waits, and so does one whose controller restarts.
// With a web seed it goes on alone after a while; the tracker is asked on, and its answer counts whenever it comes.
func firstReply(ctx context.Context, tracker *announcer, t *torrent, left int64, log func(string, ...any)) (*reply, error) {
	began := time.Now()
	for {
		answer, err := tracker.announce(ctx, report{event: "started", left: left})
		if err == nil {
			return answer, nil
		}
		if len(t.webSeeds) > 0 && time.Since(began) > trackerPatience {
			return &reply{interval: retryPause, absent: true}, nil
		}
		log("tracker: %v", err)
		select {
		case <-ctx.Done():
			return nil, errors.New("ended before the tracker answered")
		case <-time.After(retryPause / 2):
		}
	}
}
