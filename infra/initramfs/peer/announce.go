package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// What a tracker answers (BEP 3, BEP 23). Luna's own names our neighbours in the order we should use them: the parents of
// stripe 0, 1, … first, then spares; and it says so by telling how many stripes there are.
type reply struct {
	interval time.Duration
	stripes  int
	// absent: no tracker answered, this stands in for what it will say.
	absent bool
	// held says that the tracker answers when there is news: it can be asked again at once.
	held bool
	// server is the address of who had everything first.
	server string
	// children are the addresses of those that load from us.
	children []string
	peers    []netPeer
	// admitted answers a question about an address: may it be served? Null when the tracker doesn't say.
	admitted *bool
}

type netPeer struct {
	ip   string
	port int
}

// report is what a peer tells of itself.
type report struct {
	event          string
	uploaded, left int64
	downloaded     int64
	haveIn         []int
	complaints     []complaint
	who            string
	// uplink is how fast we send when several wait for us, in bytes per second; 0: not known.
	uplink int64
	// parents are whom we load from now: the tracker answers at once when it wants others, and else takes its time.
	parents []string
}

type announcer struct {
	client   *http.Client
	url      string
	infoHash [20]byte
	peerID   [20]byte
	port     int
}

const longestReply = 1 << 20

func newAnnouncer(announceURL string, infoHash, peerID [20]byte, port int) *announcer {
	return &announcer{&http.Client{Timeout: 5 * time.Second}, announceURL, infoHash, peerID, port}
}

func (a *announcer) announce(ctx context.Context, r report) (*reply, error) {
	request, err := http.NewRequestWithContext(ctx, "GET", a.address(r), nil)
	if err != nil {
		return nil, err
	}
	response, err := a.client.Do(request)
	if err != nil {
		return nil, withoutURL(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, longestReply))
	if err != nil {
		return nil, err
	}
	return parseReply(text)
}

// leave tells the tracker that this machine ends; whom it fed is then fed by others at once.
func (a *announcer) leave(r report) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	a.announce(ctx, r)
}

func (a *announcer) address(r report) string {
	q := url.Values{}
	q.Set("info_hash", string(a.infoHash[:]))
	q.Set("peer_id", string(a.peerID[:]))
	q.Set("port", strconv.Itoa(a.port))
	q.Set("uploaded", strconv.FormatInt(r.uploaded, 10))
	q.Set("downloaded", strconv.FormatInt(r.downloaded, 10))
	q.Set("left", strconv.FormatInt(r.left, 10))
	q.Set("compact", "1")
	q.Set("striped", "1")
	if r.event != "" {
		q.Set("event", r.event)
	}
	if len(r.haveIn) > 0 {
		q.Set("have", strings.Trim(strings.ReplaceAll(fmt.Sprint(r.haveIn), " ", ","), "[]"))
	}
	for _, one := range r.complaints {
		q.Add(one.verb, one.ip)
	}
	if r.uplink > 0 {
		q.Set("uplink", strconv.FormatInt(r.uplink, 10))
	}
	if len(r.parents) > 0 {
		q.Set("parents", strings.Join(r.parents, ","))
	}
	if r.who != "" {
		q.Set("who", r.who)
	}
	joint := "?"
	if strings.Contains(a.url, "?") {
		joint = "&"
	}
	return a.url + joint + q.Encode()
}

func parseReply(text []byte) (*reply, error) {
	value, _, err := decodeBencode(text)
	if err != nil {
		return nil, err
	}
	d, ok := value.(dict)
	if !ok {
		return nil, errors.New("tracker: no dictionary")
	}
	if reason, refused := d["failure reason"].(string); refused {
		return nil, fmt.Errorf("tracker: %s", reason)
	}
	seconds, _ := d["interval"].(int64)
	r := &reply{interval: time.Duration(min(max(seconds, 1), 3600)) * time.Second}
	if ms, ok := d["luna interval"].(int64); ok && ms >= 100 {
		r.interval = time.Duration(min(ms, 3600_000)) * time.Millisecond
	}
	if n, ok := d["luna stripes"].(int64); ok && n >= 1 && n <= 64 {
		r.stripes = int(n)
	}
	if n, ok := d["luna held"].(int64); ok {
		r.held = n == 1
	}
	if text, ok := d["luna children"].(string); ok && text != "" {
		r.children = strings.Split(text, ",")
	}
	r.server, _ = d["luna seeder"].(string)
	if n, ok := d["luna who"].(int64); ok {
		known := n == 1
		r.admitted = &known
	}
	compact, _ := d["peers"].(string)
	if len(compact)%6 != 0 {
		return nil, fmt.Errorf("tracker: %d bytes of peers", len(compact))
	}
	for i := 0; i < len(compact); i += 6 {
		one := []byte(compact[i : i+6])
		r.peers = append(r.peers, netPeer{net.IP(one[:4]).String(), int(binary.BigEndian.Uint16(one[4:]))})
	}
	return r, nil
}
