package privet

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/tetratelabs/wazero"
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
	done := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	pack, err := os.ReadFile(path)
	done(err)
	policy, err := Open(pack)
	done(err)
	subject := Subject{Roles: []any{"administrator"}}
	kept, err := policy.Session(subject)
	done(err)
	module, err := hostModule()
	done(err)
	one, err := module.instance(pack)
	done(err)
	figures := map[string]any{"host": "Go, wazero", "memory": one.module.Memory().Size()}
	figures["instantiate"] = least(50, func() {
		made, err := module.runtime.InstantiateModule(context.Background(), module.compiled, wazero.NewModuleConfig().WithName(""))
		done(err)
		done(made.Close(context.Background()))
	})
	figures["open"] = least(10, func() {
		_, err := Open(pack)
		done(err)
	})
	figures["session"] = least(1000, func() {
		made, err := policy.Session(subject)
		done(err)
		_, err = made.Can("calls.flows.define")
		done(err)
		made.Close()
	})
	figures["can"] = least(100_000, func() {
		_, err := kept.Can("calls.flows.define")
		done(err)
	})
	text, err := json.Marshal(figures)
	done(err)
	fmt.Println(string(text))
}
