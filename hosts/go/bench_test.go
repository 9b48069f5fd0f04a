package privet_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	privet "github.com/privet-policy/privet/hosts/go"
)

// least is the microseconds of a call: the least of several rounds.
func least(calls int, call func()) float64 {
	best := 0.0
	for round := range 7 {
		start := time.Now()
		for range calls {
			call()
		}
		if each := float64(time.Since(start).Nanoseconds()) / 1000 / float64(calls); round == 0 || each < best {
			best = each
		}
	}
	return best
}

// TestBench measures with the pack that PRIVET_BENCH names, for scripts/hosts.sh.
func TestBench(t *testing.T) {
	path := os.Getenv("PRIVET_BENCH")
	if path == "" {
		t.Skip("PRIVET_BENCH is not set")
	}
	pack := must[[]byte](t)(os.ReadFile(path))
	policy := must[*privet.Policy](t)(privet.Open(pack))
	subject := privet.Subject{Roles: []any{"administrator"}}
	kept := must[*privet.Session](t)(policy.Session(subject))
	session := least(1000, func() {
		made := must[*privet.Session](t)(policy.Session(subject))
		must[bool](t)(made.Can("calls.flows.define"))
		made.Close()
	})
	figures := map[string]any{"host": "Go, wazero", "session": session,
		"open": least(10, func() { must[*privet.Policy](t)(privet.Open(pack)) }),
		"can":  least(100_000, func() { must[bool](t)(kept.Can("calls.flows.define")) })}
	fmt.Println(string(must[[]byte](t)(json.Marshal(figures))))
}
