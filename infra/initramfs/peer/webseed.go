package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"net/url"
	"time"
)

const (
	// aloneFor is how long less than aloneBytes may come from peers before the web seed is asked (BEP 19).
	aloneFor   = 5 * time.Second
	aloneBytes = 80 << 10
	// webTries is how often the web seed may refuse, or send a piece that is not what was signed.
	webTries = 3
	// webRun is how many bytes of pieces in a row are asked for at once: a question for each costs more than the pieces.
	webRun = 1 << 20
	// A web seed that fails is left alone for a while: all machines may be waiting for the one controller.
	leastRest, mostRest = time.Second, 8 * time.Second
)

// A web seed, as the last that can help: whatever it can't give, nobody can.
type webSeed struct {
	*swarm
	urls    []string
	client  *http.Client
	log     func(string, ...any)
	refused int         // answers in a row that say no
	wrong   map[int]int // wrong pieces by number
	came    int64       // from peers, when it was last more than nothing
	cameAt  time.Time
}

// webSeed fetches pieces over HTTP while no peer sends any to speak of. Whether one does is looked at again after each piece.
// Where the tracker knows of nobody, there is nobody to wait for.
func (s *swarm) webSeed(ctx context.Context, urls []string, nobody bool, log func(string, ...any)) {
	if len(urls) == 0 {
		return
	}
	w := &webSeed{swarm: s, urls: urls, client: &http.Client{Timeout: 2 * time.Minute}, log: log, wrong: map[int]int{}, cameAt: s.clock()}
	if nobody {
		w.cameAt = w.cameAt.Add(-2 * aloneFor)
	}
	rest := leastRest
	for turn, pause := 0, lookEvery; ; {
		select {
		case <-ctx.Done():
			return
		case <-s.done:
			return
		case <-time.After(pause):
		}
		pause = lookEvery
		for w.alone() {
			first, count := w.missing()
			if count == 0 {
				break // what is here must be written out first
			}
			if err := w.fetch(ctx, urls[turn%len(urls)], first, count); err != nil {
				log("web seed: %v", err)
				turn++
				pause = rest/2 + time.Duration(rand.Int63n(int64(rest)))
				rest = min(mostRest, 2*rest)
				break
			}
			rest = leastRest
		}
	}
}

// fetch takes pieces in a row until a peer sends again, and ends the peer when the web seed won't or can't give them.
func (w *webSeed) fetch(ctx context.Context, from string, first, count int) error {
	length := int64(count-1)*int64(w.pieceLength) + int64(w.size(first+count-1))
	body, err := openRange(ctx, w.client, from, int64(first)*int64(w.pieceLength), length)
	if no, isRefusal := err.(answered); isRefusal && no.forGood() {
		if w.refused++; w.refused >= webTries {
			w.store.fail(fmt.Errorf("%s: %w", withoutQuery(from), err))
		}
		return err
	}
	if err != nil {
		return withoutURL(err)
	}
	defer body.Close()
	w.refused = 0
	for piece := first; piece < first+count; piece++ {
		data := make([]byte, w.size(piece))
		if _, err := io.ReadFull(body, data); err != nil {
			return withoutURL(err)
		}
		if err := w.take(piece, data, from); err != nil || !w.alone() {
			return err
		}
	}
	return nil
}

// take keeps a piece that is what was signed.
func (w *webSeed) take(piece int, data []byte, from string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.have[piece] {
		return nil
	}
	if w.good(piece, data) {
		w.web += int64(len(data))
		w.keep(piece, data)
		return nil
	}
	err := refuse("piece %d from %s is not what was signed", piece, withoutQuery(from))
	if w.wrong[piece]++; w.wrong[piece] >= webTries {
		w.store.fail(err)
	}
	return err
}

// alone says whether next to nothing has come from peers for a while, be there nobody or somebody who only pretends.
func (w *webSeed) alone() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.clock()
	if w.in-w.came >= aloneBytes {
		w.came, w.cameAt = w.in, now
	}
	return now.Sub(w.cameAt) > aloneFor
}

// missing is the next piece to be written out that is not here, and how many of those that follow it are not;
// none when all are here, or there is no room for it yet.
func (w *webSeed) missing() (first, count int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	limit := len(w.have)
	if w.window > 0 {
		limit = min(limit, w.written+int(w.window/int64(w.pieceLength)))
	}
	for first = w.written; first < limit && w.have[first]; first++ {
	}
	most := max(1, webRun/w.pieceLength)
	for count < most && first+count < limit && !w.have[first+count] {
		count++
	}
	return first, count
}

// answered is an HTTP status that is not the wanted one.
type answered int

func (a answered) Error() string {
	return fmt.Sprintf("the controller answered %d %s", int(a), http.StatusText(int(a)))
}

// forGood says whether the same question will get the same answer.
func (a answered) forGood() bool {
	return a >= 400 && a < 500 && a != http.StatusRequestTimeout && a != http.StatusTooManyRequests
}

// withoutQuery is a URL fit to be logged: the query holds the identity of this boot.
func withoutQuery(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "the web seed"
	}
	u.RawQuery = ""
	return u.String()
}

// withoutURL is the same of an error.
func withoutURL(err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}

// openRange asks for bytes of a file; what it returns ends after them.
func openRange(ctx context.Context, client *http.Client, address string, from, length int64) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(ctx, "GET", address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", from, from+length-1))
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	// A range of all that there is may come as the whole.
	if response.StatusCode != http.StatusPartialContent && !(response.StatusCode == http.StatusOK && response.ContentLength == length) {
		response.Body.Close()
		return nil, answered(response.StatusCode)
	}
	return response.Body, nil
}
