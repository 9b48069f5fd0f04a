package privet_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
	"time"

	privet "github.com/privet-policy/privet/hosts/go"
)

const suite = "../../conformance/5"

type result map[string]json.RawMessage

type file struct {
	Pack  []byte
	Cases []struct {
		Subject json.RawMessage
		Now     *int64
		Is      result
		Changes []struct {
			Change json.RawMessage
			Is     result
		}
		Tokens []struct {
			Token string
			Facts json.RawMessage
			Is    result
		}
	}
	Unknown [][2]string
}

func read(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// same compares two values as JSON, without the order of keys.
func same(t *testing.T, about string, actual, expected any) {
	t.Helper()
	values := [2]any{}
	for place, value := range []any{actual, expected} {
		text, err := json.Marshal(value)
		if err == nil {
			err = json.Unmarshal(text, &values[place])
		}
		if err != nil {
			t.Fatal(about, err)
		}
	}
	if !reflect.DeepEqual(values[0], values[1]) {
		t.Errorf("%s: %v instead of %v", about, values[0], values[1])
	}
}

func row(item privet.MenuItem) []any {
	children := []any{}
	for _, child := range item.Children {
		children = append(children, row(child))
	}
	return []any{item.ID, item.Label, item.State, item.Verbs, item.Operations, children}
}

// whole adds the empty parts that a typed subject leaves out.
func whole(subject privet.Subject) any {
	parts := map[string]any{"roles": []any{}, "grants": map[string]any{}, "facts": map[string]any{}}
	if subject.Roles != nil {
		parts["roles"] = subject.Roles
	}
	if subject.Grants != nil {
		parts["grants"] = subject.Grants
	}
	if subject.Facts != nil {
		parts["facts"] = subject.Facts
	}
	return parts
}

func must[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func answer(t *testing.T, session *privet.Session, key string) any {
	policy := session.Policy
	list := []any{}
	switch key {
	case "operations":
		for _, id := range policy.Operations {
			decision := must[privet.Decision](t)(session.Decide(id))
			if must[bool](t)(session.Can(id)) != (decision.Verdict == privet.Allowed) {
				t.Error(id)
			}
			list = append(list, []any{decision.Verdict, decision.Obligations})
		}
	case "allowed":
		return must[[]string](t)(session.Allowed())
	case "menu":
		for _, item := range must[[]privet.MenuItem](t)(session.Menu()) {
			list = append(list, row(item))
		}
	case "holds":
		for _, id := range policy.Privileges {
			held := must[privet.Holding](t)(session.Holds(id))
			list = append(list, []any{held.Granted, held.Effective})
		}
	case "from":
		for _, id := range policy.Privileges {
			list = append(list, must[privet.Holding](t)(session.Holds(id)).From)
		}
	case "token":
		return must[string](t)(session.Token())
	case "subject":
		return whole(must[privet.Subject](t)(session.Subject()))
	case "inputs":
		for _, id := range policy.Operations {
			list = append(list, whole(must[privet.Subject](t)(session.Inputs(id))))
		}
	case "validUntil":
		if session.ValidUntil.IsZero() {
			return nil
		}
		return session.ValidUntil.Unix()
	case "snapshot":
		return must[string](t)(session.Snapshot())
	}
	return list
}

func compare(t *testing.T, about string, session *privet.Session, err error, is result) int {
	if expected, refused := is["error"]; refused || err != nil {
		fault, ok := err.(*privet.Error)
		if !ok {
			t.Fatalf("%s: %v instead of %s", about, err, expected)
		}
		same(t, about, map[string]string{"code": fault.Code, "id": fault.ID}, expected)
		return 1
	}
	for key, expected := range is {
		same(t, about+": "+key, answer(t, session, key), expected)
	}
	return len(is)
}

func TestConformance(t *testing.T) {
	paths, _ := filepath.Glob(suite + "/policies/*.json")
	count := 0
	for _, path := range paths {
		var file file
		read(t, path, &file)
		policy, err := privet.Open(file.Pack)
		if err != nil {
			t.Fatal(path, err)
		}
		for _, test := range file.Cases {
			begin := func() (*privet.Session, error) {
				if test.Now != nil {
					return policy.SessionAt(test.Subject, time.Unix(*test.Now, 0))
				}
				return policy.Session(test.Subject)
			}
			about := path + " " + string(test.Subject)
			session, err := begin()
			count += compare(t, about, session, err, test.Is)
			for _, step := range test.Changes {
				after, err := session.With(step.Change)
				count += compare(t, about+" with "+string(step.Change), after, err, step.Is)
			}
			for _, step := range test.Tokens {
				restored, err := policy.Restore(step.Token, step.Facts)
				count += compare(t, path+" "+step.Token, restored, err, step.Is)
			}
		}
		session, err := policy.Session(privet.Subject{})
		for _, unknown := range file.Unknown {
			if err != nil {
				t.Fatal(err)
			}
			var fault error
			switch unknown[0] {
			case "operation":
				_, fault = session.Can(unknown[1])
			case "privilege":
				_, fault = session.Holds(unknown[1])
			default:
				_, fault = session.MenuItem(unknown[1])
			}
			compare(t, path, nil, fault, result{"error": must[[]byte](t)(json.Marshal(map[string]string{"code": "unknown-id", "id": unknown[1]}))})
		}
	}
	if count < 1000 {
		t.Fatalf("only %d comparisons", count)
	}
	t.Log(count, "comparisons")
}

func TestPacks(t *testing.T) {
	var packs []struct {
		Why   string
		Pack  []byte
		Valid bool
	}
	read(t, suite+"/packs.json", &packs)
	for _, test := range packs {
		_, err := privet.Open(test.Pack)
		if test.Valid != (err == nil) || err != nil && privet.CodeOf(err) != "invalid-pack" {
			t.Errorf("%s: %v", test.Why, err)
		}
	}
}

func orders(t *testing.T) *privet.Policy {
	var file file
	read(t, "../test/guard.json", &file)
	return must[*privet.Policy](t)(privet.Open(file.Pack))
}

func TestGoroutinesShareAPolicyAndASession(t *testing.T) {
	policy := orders(t)
	clerk := privet.Subject{Roles: []any{"clerk"}}
	shared := must[*privet.Session](t)(policy.Session(clerk))
	var group sync.WaitGroup
	for number := range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			for turn := range 300 {
				subject, expected := privet.Subject{}, 0
				if (number+turn)%2 == 0 {
					subject, expected = clerk, 1
				}
				session, err := policy.Session(subject)
				if err != nil {
					t.Error(err)
					return
				}
				allowed, err := session.Allowed()
				if err != nil || len(allowed) != expected {
					t.Error(allowed, err)
				}
				if decision, err := shared.Decide("orders.list"); err != nil || decision.Verdict != privet.Allowed {
					t.Error(decision, err)
				}
			}
		}()
	}
	group.Wait()
}

func TestSessionsThatNobodyClosesAreFreed(t *testing.T) {
	policy := orders(t)
	// More than an instance has handles for, whether they are collected or still used
	sessions := []*privet.Session{}
	for number := range 70_000 {
		session := must[*privet.Session](t)(policy.Session(privet.Subject{}))
		if number%10 == 0 && len(sessions) < 5000 {
			sessions = append(sessions, session)
		}
	}
	for _, session := range sessions {
		if _, err := session.Allowed(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestClosedSessions(t *testing.T) {
	session := must[*privet.Session](t)(orders(t).Session(privet.Subject{Roles: []any{"clerk"}}))
	session.Close()
	session.Close()
	calls := map[string]func() error{
		"Can": func() error { _, err := session.Can("orders.list"); return err }, "Decide": func() error { _, err := session.Decide("orders.list"); return err },
		"Allowed": func() error { _, err := session.Allowed(); return err }, "Menu": func() error { _, err := session.Menu(); return err },
		"MenuItem": func() error { _, err := session.MenuItem("orders"); return err }, "Holds": func() error { _, err := session.Holds("stock"); return err },
		"Subject": func() error { _, err := session.Subject(); return err }, "Inputs": func() error { _, err := session.Inputs("orders.list"); return err },
		"Token": func() error { _, err := session.Token(); return err }, "Snapshot": func() error { _, err := session.Snapshot(); return err },
		"With": func() error { _, err := session.With(map[string]any{}); return err },
	}
	for name, call := range calls {
		if err := call(); privet.CodeOf(err) != "invalid-call" {
			t.Error(name, err)
		}
	}
}

func TestModulesWithoutAPolicyAreRefused(t *testing.T) {
	var file file
	read(t, "../test/guard.json", &file)
	minimal := "\x00asm\x01\x00\x00\x00"
	host := string(must[[]byte](t)(os.ReadFile("host.wasm")))
	for _, wasm := range []string{"", "junk", minimal, minimal + "\xff", "(module)", string(file.Pack), host, host[:len(host)-1]} {
		if policy, err := privet.OpenEmbedded([]byte(wasm)); privet.CodeOf(err) != "invalid-pack" || policy != nil {
			t.Errorf("%.20q: %v", wasm, err)
		}
	}
}

func TestValuesWithoutJSONAreRefused(t *testing.T) {
	policy := orders(t)
	session := must[*privet.Session](t)(policy.Session(privet.Subject{}))
	none := map[string]any{"open-day": func() {}}
	for _, call := range []func() (*privet.Session, error){
		func() (*privet.Session, error) { return policy.Session(none) }, func() (*privet.Session, error) { return policy.Session(nil) },
		func() (*privet.Session, error) { return policy.Restore(must[string](t)(session.Token()), none) },
		func() (*privet.Session, error) { return session.With(none) }, func() (*privet.Session, error) { return policy.Session(5) },
	} {
		if after, err := call(); privet.CodeOf(err) != "invalid-subject" || after != nil {
			t.Error(err)
		}
	}
}

func TestPopulation(t *testing.T) {
	clerk, nobody := privet.Subject{Roles: []any{"clerk"}}, privet.Subject{}
	wrong := privet.Subject{Roles: []any{"clrk"}}
	allowed := must[[][]int](t)(orders(t).Population([]privet.Subject{clerk, nobody, wrong}))
	if !reflect.DeepEqual(allowed, [][]int{{0}, {}, nil}) {
		t.Error(allowed)
	}
}
