package main

import (
	"context"
	"errors"
	"net"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// Keeps the swarm connected with the neighbours that the tracker names, and the tracker told.
type neighbours struct {
	*swarm
	tracker *announcer
	log     func(format string, args ...any)

	listMu   sync.Mutex
	ports    map[string]int
	shaped   bool // the tracker is luna's, or not there yet: it says who may be served
	dialing  map[string]bool
	notUntil map[string]time.Time
}

func newNeighbours(s *swarm, tracker *announcer, log func(string, ...any)) *neighbours {
	return &neighbours{swarm: s, tracker: tracker, log: log, ports: map[string]int{}, dialing: map[string]bool{}, notUntil: map[string]time.Time{}}
}

const (
	lookEvery   = 100 * time.Millisecond
	dialTimeout = 3 * time.Second
	// redialAfter is the pause after a connection that failed or ended.
	redialAfter = time.Second
	// leastPause keeps complaints from flooding the tracker.
	leastPause = 100 * time.Millisecond
	// retryPause is how soon a tracker that did not answer is asked again.
	retryPause = 500 * time.Millisecond
)

// run announces, dials and looks until the context ends. first is the answer that the caller already has and applied.
func (n *neighbours) run(ctx context.Context, first *reply) {
	go n.announceLoop(ctx, first)
	go n.complainLoop(ctx)
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			n.look()
			n.dialAll(ctx)
		}
	}
}

// announceLoop tells the tracker how we fare. One that holds its answers until there is news is asked all the time.
func (n *neighbours) announceLoop(ctx context.Context, answer *reply) {
	done := n.done
	pause := answer.interval
	for {
		event := ""
		if answer.held {
			pause = leastPause
		}
		select {
		case <-ctx.Done():
			return
		case <-done:
			event, done = "completed", nil
		case <-time.After(pause):
		}
		next, err := n.tracker.announce(ctx, n.state(event, nil))
		if err != nil {
			n.log("tracker: %v", err)
			answer, pause = &reply{}, retryPause
			continue
		}
		answer, pause = next, next.interval
		n.apply(ctx, answer)
	}
}

// complainLoop tells the tracker of feeders at once.
func (n *neighbours) complainLoop(ctx context.Context) {
	for {
		var open []complaint
		select {
		case <-ctx.Done():
			return
		case one := <-n.complaints:
			open = append(open, one)
		}
		for more := true; more; {
			select {
			case one := <-n.complaints:
				open = append(open, one)
			default:
				more = false
			}
		}
		for _, one := range unique(open) {
			n.log("complaint: %s %s", one.verb, one.ip)
		}
		question := n.state("", open)
		// Who complains wants an answer now.
		question.parents = nil
		if answer, err := n.tracker.announce(ctx, question); err == nil {
			n.apply(ctx, answer)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(leastPause):
		}
	}
}

func (n *neighbours) state(event string, open []complaint) report {
	n.mu.Lock()
	defer n.mu.Unlock()
	return report{
		event: event, uploaded: n.out, downloaded: n.in, left: n.missingBytes(), haveIn: append([]int(nil), n.haveIn...), complaints: unique(open),
		uplink: n.uplink.rate(), parents: append([]string(nil), n.parents...),
	}
}

func unique(all []complaint) (some []complaint) {
	seen := map[complaint]bool{}
	for _, one := range all {
		if !seen[one] && one.verb != "" {
			seen[one] = true
			some = append(some, one)
		}
	}
	return some
}

// apply takes the neighbours of an answer. A tracker that knows nothing of stripes names peers in no order: the first
// few become parents, the others spares.
func (n *neighbours) apply(ctx context.Context, r *reply) {
	var ips []string
	n.listMu.Lock()
	n.shaped = r.stripes > 0 || r.absent
	for _, peer := range r.peers {
		n.ports[peer.ip] = peer.port
		ips = append(ips, peer.ip)
	}
	n.listMu.Unlock()
	cut := min(n.stripes, len(ips))
	n.arrange(ips[:cut], ips[cut:], r.server, r.children)
	n.dialAll(ctx)
}

// dialAll connects with every neighbour that is neither connected nor being dialled.
func (n *neighbours) dialAll(ctx context.Context) {
	n.mu.Lock()
	wanted := append(append([]string(nil), n.parents...), n.spares...)
	connected := map[string]bool{}
	for c := range n.conns {
		connected[c.ip] = true
	}
	idle := n.left == 0
	n.mu.Unlock()
	if idle {
		return
	}
	n.listMu.Lock()
	defer n.listMu.Unlock()
	for _, ip := range wanted {
		if ip == "" || ip == nobody || connected[ip] || n.dialing[ip] || n.isBanned(ip) || time.Now().Before(n.notUntil[ip]) {
			continue
		}
		n.dialing[ip] = true
		go n.dial(ctx, ip, n.ports[ip])
	}
}

func (n *neighbours) isBanned(ip string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.banned[ip]
}

func (n *neighbours) dial(ctx context.Context, ip string, port int) {
	dialer := net.Dialer{Timeout: dialTimeout}
	connection, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(ip, strconv.Itoa(port)))
	if err == nil {
		err = n.greet(connection, true)
	}
	n.log("%s: %v", ip, err)
	if errors.Is(err, syscall.ECONNREFUSED) {
		n.refused(ip)
	}
	n.listMu.Lock()
	defer n.listMu.Unlock()
	delete(n.dialing, ip)
	n.notUntil[ip] = time.Now().Add(redialAfter)
}

// greet shakes hands and talks until the connection ends.
func (n *neighbours) greet(connection net.Conn, first bool) error {
	defer connection.Close()
	tune(connection)
	connection.SetDeadline(time.Now().Add(dialTimeout))
	ours := handshake(n.infoHash, n.peerID)
	if first {
		if _, err := connection.Write(ours); err != nil {
			return err
		}
	}
	peerID, err := readHandshake(connection, n.infoHash)
	if err != nil {
		return err
	}
	if !first {
		if _, err := connection.Write(ours); err != nil {
			return err
		}
	}
	connection.SetDeadline(time.Time{})
	c := newConn(n.swarm, connection)
	c.ours, c.peerID = first, peerID
	return n.talk(c)
}

// mostStrangers is of how many callers the tracker is asked at once; more may call again.
const mostStrangers = 64

// serve takes connections of machines that are admitted, until the listener is closed.
func (n *neighbours) serve(ctx context.Context, listener net.Listener) {
	strangers := make(chan struct{}, mostStrangers)
	for {
		connection, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			n.log("accept: %v", err)
			time.Sleep(lookEvery)
			continue
		}
		go func() {
			ip, _, _ := net.SplitHostPort(connection.RemoteAddr().String())
			if !n.admits(ctx, ip, strangers) {
				n.log("%s: not admitted", ip)
				connection.Close()
				return
			}
			if err := n.greet(connection, false); err != nil {
				n.log("%s: %v", ip, err)
			}
		}()
	}
}

// admits asks the tracker about an address that it has not named. A tracker that doesn't say admits everyone.
func (n *neighbours) admits(ctx context.Context, ip string, strangers chan struct{}) bool {
	n.listMu.Lock()
	_, known := n.ports[ip]
	shaped := n.shaped
	n.listMu.Unlock()
	if known || !shaped {
		return true
	}
	select {
	case strangers <- struct{}{}:
		defer func() { <-strangers }()
	default:
		return false
	}
	question := n.state("", nil)
	question.who, question.parents = ip, nil
	answer, err := n.tracker.announce(ctx, question)
	return err == nil && answer.admitted != nil && *answer.admitted
}
