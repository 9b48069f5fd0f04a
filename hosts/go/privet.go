// Package privet decides from a person's privileges what they may see and do, with the same policy and the same answers as in the
// browser and at the edge.
//
//	policy, err := privet.Open(pack)
//	session, err := policy.Session(privet.Subject{Roles: []any{"clerk"}})
//	ok, err := session.Can("orders.list")
package privet

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tetratelabs/wazero/api"
)

// Error is an error with a stable code. Nothing was decided.
type Error struct {
	// Code is a code of the npm package, such as "unknown-id" or "stale-token".
	Code string `json:"code"`
	// ID is the id that it is about, or empty.
	ID      string `json:"id"`
	Message string `json:"message"`
	cause   error
}

func (e *Error) Error() string { return "privet: " + e.Message }

// Unwrap is the error of the WebAssembly runtime or of the encoder, if there is one.
func (e *Error) Unwrap() error { return e.cause }

// CodeOf is the code of an error of this package, or empty.
func CodeOf(err error) string {
	var fault *Error
	if errors.As(err, &fault) {
		return fault.Code
	}
	return ""
}

// Subject is a person's roles, own grants and facts. A role is an id or an object of grants.
type Subject struct {
	Roles  []any          `json:"roles,omitempty"`
	Grants map[string]any `json:"grants,omitempty"`
	Facts  map[string]any `json:"facts,omitempty"`
}

// Verdict is the decision on an operation. Only Allowed permits anything.
type Verdict string

// The verdicts.
const (
	Allowed   Verdict = "allowed"
	Denied    Verdict = "denied"
	Undecided Verdict = "undecided"
)

// Decision is the decision on an operation, and the obligations that it owes.
type Decision struct {
	Verdict     Verdict  `json:"decision"`
	Obligations []string `json:"obligations"`
}

// MenuItem is a menu item. Its state is "shown", "hidden" or "undecided".
type MenuItem struct {
	ID         string          `json:"id"`
	Label      string          `json:"label"`
	Meta       json.RawMessage `json:"meta,omitempty"`
	State      string          `json:"state"`
	Verbs      []string        `json:"verbs"`
	Operations []string        `json:"operations"`
	Children   []MenuItem      `json:"children"`
}

// Holding is what is granted of a privilege and what of it has an effect (nil for nothing), and who gives it.
type Holding struct {
	Granted   any             `json:"granted"`
	Effective any             `json:"effective"`
	From      json.RawMessage `json:"from"`
}

// Policy is an opened policy. Goroutines may share it: it has an instance of the module for each that decides at the same time.
type Policy struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Version     string   `json:"version"`
	Fingerprint string   `json:"fingerprint"`
	Layout      string   `json:"layout"`
	Operations  []string `json:"operations"`
	Privileges  []string `json:"privileges"`
	Roles       []string `json:"roles"`
	Facts       []string `json:"facts"`
	MenuItems   []string `json:"menu"`

	module *module
	pack   []byte
	places map[string]int
	mutex  sync.Mutex
	free   []*instance
}

// Open opens a pack. The code of an error is "invalid-pack".
func Open(pack []byte) (*Policy, error) {
	if len(pack) == 0 {
		return nil, &Error{Code: "invalid-pack", Message: "not a pack of this release at byte 0; compile the policy again"}
	}
	module, err := hostModule()
	if err != nil {
		return nil, err
	}
	return open(module, append([]byte(nil), pack...))
}

// OpenEmbedded opens the policy in a module that `privet embed` wrote. The code of an error is "invalid-pack".
func OpenEmbedded(wasm []byte) (*Policy, error) {
	host, err := hostModule()
	if err != nil {
		return nil, err
	}
	module, err := compile(wasm)
	if err != nil {
		return nil, &Error{Code: "invalid-pack", Message: "not a WebAssembly module; give one that `privet embed` wrote", cause: err}
	}
	var policy *Policy
	if module.isLike(host) {
		if policy, err = open(module, nil); err == nil {
			return policy, nil
		}
	}
	_ = module.runtime.Close(context.Background()) // frees memory; nothing could be done about an error
	if CodeOf(err) == "invalid-pack" {
		return nil, err
	}
	return nil, &Error{Code: "invalid-pack", Message: "a WebAssembly module of something else; give one that `privet embed` wrote", cause: err}
}

func open(module *module, pack []byte) (*Policy, error) {
	policy := &Policy{module: module, pack: pack}
	err := policy.use(func(opened *instance) error {
		names, err := opened.bytes("describe", opened.policy)
		if err != nil {
			return err
		}
		return json.Unmarshal(names, policy)
	})
	if err != nil {
		return nil, err
	}
	policy.places = make(map[string]int, len(policy.Operations))
	for place, id := range policy.Operations {
		policy.places[id] = place
	}
	return policy, nil
}

// use runs a function with an instance that no other goroutine uses.
func (p *Policy) use(run func(*instance) error) error {
	p.mutex.Lock()
	var opened *instance
	if last := len(p.free) - 1; last >= 0 {
		opened, p.free = p.free[last], p.free[:last]
	}
	p.mutex.Unlock()
	if opened == nil {
		var err error
		if opened, err = p.module.instance(p.pack); err != nil {
			return err
		}
	}
	err := opened.use(func() error { return run(opened) })
	if code := CodeOf(err); err != nil && (code == "" || code == "load-failed") {
		return err // what failed is the instance: it is not used again
	}
	if !opened.retire() {
		p.mutex.Lock()
		p.free = append(p.free, opened)
		p.mutex.Unlock()
	}
	return err
}

// Session evaluates a subject: a Subject, or anything that encodes to the JSON of one.
func (p *Policy) Session(subject any) (*Session, error) { return p.session(subject, nil) }

// SessionAt evaluates a subject with grants and roles that end.
func (p *Policy) SessionAt(subject any, now time.Time) (*Session, error) {
	seconds := float64(now.Unix())
	return p.session(subject, &seconds)
}

func (p *Policy) session(subject any, now *float64) (*Session, error) {
	text, err := encode(subject)
	if err != nil {
		return nil, err
	}
	return p.make(func(opened *instance) (uint64, error) {
		if err := opened.setNow(now); err != nil {
			return 0, err
		}
		return opened.call("session", text, opened.policy)
	})
}

// Restore evaluates the subject of a token with its current facts, a map or what encodes to a JSON object.
func (p *Policy) Restore(token string, facts any) (*Session, error) {
	text := []byte("{}")
	if facts != nil {
		var err error
		if text, err = encode(facts); err != nil {
			return nil, err
		}
	}
	return p.make(func(opened *instance) (uint64, error) {
		return opened.call("restore", append([]byte(token), text...), opened.policy, uint64(len(token)))
	})
}

// encode is the JSON of a value.
func encode(value any) ([]byte, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, &Error{Code: "invalid-subject", Message: "a value has no JSON", cause: err}
	}
	return text, nil
}

func (p *Policy) make(evaluate func(*instance) (uint64, error)) (*Session, error) {
	var session *Session
	err := p.use(func(opened *instance) error {
		handle, err := evaluate(opened)
		if err != nil {
			return err
		}
		session, err = newSession(p, opened, handle)
		return err
	})
	return session, err
}

// Population has the operations that are allowed to each subject, by their place in Operations; nil for a subject that is refused.
func (p *Policy) Population(subjects []Subject) ([][]int, error) {
	text, err := encode(subjects)
	if err != nil {
		return nil, err
	}
	allowed := make([][]int, len(subjects))
	err = p.use(func(opened *instance) error {
		if err := opened.setNow(nil); err != nil {
			return err
		}
		planes, err := opened.bytesOf("population", text, opened.policy)
		if err != nil {
			return err
		}
		stride, refused := (len(subjects)+7)/8, len(p.Operations)
		isSet := func(plane, row int) bool { return planes[plane*stride+row/8]>>(row%8)&1 == 1 }
		for row := range subjects {
			if isSet(refused, row) {
				continue
			}
			allowed[row] = []int{}
			for place := range p.Operations {
				if isSet(place, row) {
					allowed[row] = append(allowed[row], place)
				}
			}
		}
		return nil
	})
	return allowed, err
}

// Session is a subject evaluated against a policy: every decision. It does not change, and goroutines may share it.
type Session struct {
	// Policy decides.
	Policy *Policy
	// ValidUntil is when the first grant or role that counts ends; the zero time if none does.
	ValidUntil time.Time

	opened   *instance
	handle   uint64
	bits     []byte
	cleanup  runtime.Cleanup
	isClosed atomic.Bool
}

// Close frees what the session has in the module; afterwards every method but Close is an error with the code "invalid-call". A
// session that is not closed is freed when it is collected.
func (s *Session) Close() {
	if !s.isClosed.Swap(true) {
		s.cleanup.Stop()
		s.opened.closeLater(s.handle)
	}
}

// errClosed is the error of a session that was closed.
var errClosed = &Error{Code: "invalid-call", Message: "not an open session; it was closed, or never opened"}

func newSession(policy *Policy, opened *instance, handle uint64) (*Session, error) {
	session := &Session{Policy: policy, opened: opened, handle: handle}
	opened.opened()
	session.cleanup = runtime.AddCleanup(session, opened.closeLater, handle)
	until, err := opened.module.ExportedFunction("valid_until").Call(context.Background(), handle)
	if err != nil {
		return nil, failed("valid_until", err)
	}
	if seconds := api.DecodeF64(until[0]); !math.IsInf(seconds, 1) {
		session.ValidUntil = time.Unix(int64(seconds), 0)
	}
	session.bits, err = opened.bytes("allowed_bits", handle)
	return session, err
}

// Can tells whether an operation is allowed; false where that is undecided. The code of an error is "unknown-id".
func (s *Session) Can(operation string) (bool, error) {
	place, ok := s.Policy.places[operation]
	if !ok {
		decision, err := s.Decide(operation) // its error says what was probably meant
		return err == nil && decision.Verdict == Allowed, err
	}
	if s.isClosed.Load() {
		return false, errClosed
	}
	return s.bits[place>>3]>>(place&7)&1 == 1, nil
}

// Decide is the decision on an operation, with its obligations.
func (s *Session) Decide(operation string) (Decision, error) {
	return ask[Decision](s, "decide", &operation)
}

// Allowed has the allowed operations in policy order, without those that restrict.
func (s *Session) Allowed() ([]string, error) { return ask[[]string](s, "allowed", nil) }

// Menu is the menu as a tree, including hidden items.
func (s *Session) Menu() ([]MenuItem, error) { return ask[[]MenuItem](s, "menu", nil) }

// MenuItem is a menu item, with what is below it.
func (s *Session) MenuItem(id string) (MenuItem, error) { return ask[MenuItem](s, "menu_item", &id) }

// Holds is what the subject holds of a privilege.
func (s *Session) Holds(privilege string) (Holding, error) {
	return ask[Holding](s, "holds", &privilege)
}

// Subject is the subject.
func (s *Session) Subject() (Subject, error) { return ask[Subject](s, "subject", nil) }

// Inputs is the part of the subject that the decision on an operation reads.
func (s *Session) Inputs(operation string) (Subject, error) {
	return ask[Subject](s, "inputs", &operation)
}

// Token is the grants and listed roles as a short text, for a JWT. It has no ends of grants and roles: the JWT must expire at ValidUntil,
// if it is not the zero time, or before.
func (s *Session) Token() (string, error) {
	text, err := s.bytes("token", nil)
	return string(text), err
}

// Snapshot is the decisions and the menu as a text for `privet/read`.
func (s *Session) Snapshot() (string, error) {
	text, err := s.bytes("snapshot", nil)
	return string(text), err
}

// With is the session after a change, `{"set": …, "facts": …, "roles": …}` as what encodes to it; this session stays as it is.
func (s *Session) With(change any) (*Session, error) {
	text, err := encode(change)
	if err != nil {
		return nil, err
	}
	var after *Session
	err = s.opened.use(func() error {
		if s.isClosed.Load() {
			return errClosed
		}
		handle, err := s.opened.call("with", text, s.handle)
		if err != nil {
			return err
		}
		after, err = newSession(s.Policy, s.opened, handle)
		return err
	})
	runtime.KeepAlive(s)
	return after, err
}

func (s *Session) bytes(name string, text *string) (answer []byte, err error) {
	err = s.opened.use(func() error {
		if s.isClosed.Load() {
			return errClosed
		}
		if text == nil {
			answer, err = s.opened.bytes(name, s.handle)
		} else {
			answer, err = s.opened.bytesOf(name, []byte(*text), s.handle)
		}
		return err
	})
	runtime.KeepAlive(s)
	return answer, err
}

func ask[T any](s *Session, name string, text *string) (answer T, err error) {
	json_, err := s.bytes(name, text)
	if err == nil {
		if err = json.Unmarshal(json_, &answer); err != nil {
			err = failed(name, err)
		}
	}
	return answer, err
}
