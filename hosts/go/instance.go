package privet

import (
	"context"
	_ "embed"
	"encoding/json"
	"math"
	"slices"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

//go:embed host.wasm
var hostWasm []byte

// features are those that docs/host.md names; wazero refuses a module with others.
const features = api.CoreFeatureMutableGlobal | api.CoreFeatureSignExtensionOps |
	api.CoreFeatureNonTrappingFloatToIntConversion | api.CoreFeatureBulkMemoryOperations

// module is a compiled module and the runtime that makes its instances.
type module struct {
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
}

func compile(wasm []byte) (*module, error) {
	ctx := context.Background()
	runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().WithCoreFeatures(features))
	compiled, err := runtime.CompileModule(ctx, wasm)
	if err != nil {
		_ = runtime.Close(ctx) // frees memory; nothing could be done about an error
		return nil, err
	}
	return &module{runtime, compiled}, nil
}

// isLike tells whether a module has the exports of another, but for that of `privet embed`, and imports nothing.
func (m *module) isLike(other *module) bool {
	functions := m.compiled.ExportedFunctions()
	for name, is := range other.compiled.ExportedFunctions() {
		function, ok := functions[name]
		if name != "embedded" && !(ok && slices.Equal(function.ParamTypes(), is.ParamTypes()) && slices.Equal(function.ResultTypes(), is.ResultTypes())) {
			return false
		}
	}
	return m.compiled.ExportedMemories()["memory"] != nil && len(m.compiled.ImportedFunctions()) == 0
}

// failed is the error of a module that does not start or that stopped: its instance is not used again.
func failed(where string, err error) error {
	return &Error{Code: "load-failed", Message: "the WebAssembly module failed in `" + where + "`; its memory may be exhausted", cause: err}
}

// hostModule is the module of this package, compiled once.
var hostModule = sync.OnceValues(func() (*module, error) { return compile(hostWasm) })

// instance is an instance with the policy open. One goroutine at a time uses it.
type instance struct {
	mutex       sync.Mutex
	module      api.Module
	policy      uint64
	closedMutex sync.Mutex
	// closed has the handles of sessions that nobody uses any more.
	closed []uint64
	// live counts the other sessions.
	live int
	// isRetired says that no new session is made here; the module is closed with the last one.
	isRetired bool
}

// mostLive is how many sessions an instance has before another takes its place: the collector may let many pile up.
const mostLive = 4096

func (m *module) instance(pack []byte) (*instance, error) {
	instantiated, err := m.runtime.InstantiateModule(context.Background(), m.compiled, wazero.NewModuleConfig().WithName(""))
	if err != nil {
		return nil, failed("start", err)
	}
	opened := &instance{module: instantiated}
	if opened.policy, err = opened.call("open", pack); err != nil {
		_ = instantiated.Close(context.Background())
		return nil, err
	}
	return opened, nil
}

// use runs a function while no other goroutine uses the instance.
func (i *instance) use(run func() error) error {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	i.closedMutex.Lock()
	closed := i.closed
	i.closed = nil
	i.closedMutex.Unlock()
	for _, handle := range closed {
		if _, err := i.number("close", handle); err != nil {
			return err
		}
	}
	return run()
}

// closeLater frees a session at the next call: finalizers run at any time.
func (i *instance) closeLater(handle uint64) {
	i.closedMutex.Lock()
	defer i.closedMutex.Unlock()
	i.closed = append(i.closed, handle)
	i.live--
	if i.isRetired && i.live == 0 {
		_ = i.module.Close(context.Background()) // frees memory; nothing could be done about an error
	}
}

// opened counts a session.
func (i *instance) opened() {
	i.closedMutex.Lock()
	defer i.closedMutex.Unlock()
	i.live++
}

// retire tells whether the instance has too many sessions for another one.
func (i *instance) retire() bool {
	i.closedMutex.Lock()
	defer i.closedMutex.Unlock()
	i.isRetired = i.live > mostLive
	return i.isRetired
}

// number calls an export with numbers. A result below 0 is an error.
func (i *instance) number(name string, arguments ...uint64) (uint64, error) {
	results, err := i.module.ExportedFunction(name).Call(context.Background(), arguments...)
	if err != nil {
		return 0, failed(name, err)
	}
	result := api.DecodeI32(results[0])
	if result >= 0 {
		return uint64(result), nil
	}
	answer, err := i.answer(uint32(-result))
	if err != nil {
		return 0, err
	}
	fault := new(Error)
	if err := json.Unmarshal(answer, fault); err != nil {
		return 0, failed(name, err)
	}
	return 0, fault
}

// call calls an export with numbers and bytes, of which it gets the length.
func (i *instance) call(name string, text []byte, arguments ...uint64) (uint64, error) {
	if len(text) > math.MaxInt32 {
		return 0, &Error{Code: "invalid-call", Message: "more bytes than a call may have"}
	}
	if len(text) > 0 {
		room, err := i.module.ExportedFunction("room").Call(context.Background(), uint64(len(text)))
		if err != nil {
			return 0, failed("room", err)
		}
		if room[0] == 0 || !i.module.Memory().Write(api.DecodeU32(room[0]), text) {
			return 0, &Error{Code: "invalid-call", Message: "no room for the bytes of the call"}
		}
	}
	return i.number(name, append(arguments, uint64(len(text)))...)
}

// answer copies the bytes of the last answer.
func (i *instance) answer(length uint32) ([]byte, error) {
	at, err := i.module.ExportedFunction("answer").Call(context.Background())
	if err != nil {
		return nil, failed("answer", err)
	}
	view, ok := i.module.Memory().Read(api.DecodeU32(at[0]), length)
	if !ok {
		return nil, failed("answer", nil)
	}
	return append([]byte(nil), view...), nil
}

// bytes calls an export that answers bytes.
func (i *instance) bytes(name string, arguments ...uint64) ([]byte, error) {
	length, err := i.number(name, arguments...)
	if err != nil {
		return nil, err
	}
	return i.answer(uint32(length))
}

// bytesOf calls an export that takes and answers bytes.
func (i *instance) bytesOf(name string, text []byte, arguments ...uint64) ([]byte, error) {
	length, err := i.call(name, text, arguments...)
	if err != nil {
		return nil, err
	}
	return i.answer(uint32(length))
}

// setNow sets the time of the sessions that follow.
func (i *instance) setNow(now *float64) error {
	seconds := math.NaN()
	if now != nil {
		seconds = *now
	}
	if _, err := i.module.ExportedFunction("now").Call(context.Background(), api.EncodeF64(seconds)); err != nil {
		return failed("now", err)
	}
	return nil
}
