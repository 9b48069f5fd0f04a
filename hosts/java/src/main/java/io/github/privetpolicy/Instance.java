package io.github.privetpolicy;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.Export;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Supplier;

/** An instance of the module with a policy open: the calls of docs/host.md. One thread at a time uses it. */
final class Instance {
    static final ObjectMapper JSON = new ObjectMapper();

    /** A module, compiled to bytecode once. */
    record Compiled(WasmModule module, Function<com.dylibso.chicory.runtime.Instance, Machine> machines) {
        /**
         * A module that {@code privet embed} wrote: it has the exports of the library's module.
         *
         * @throws PrivetException with the code {@code invalid-pack}
         */
        static Compiled embedded(byte[] wasm) {
            try {
                Compiled compiled = of(wasm);
                Set<String> names = names(compiled.module());
                if (compiled.module().importSection().importCount() == 0 && names.containsAll(names(library().module()))) {
                    return compiled;
                }
            } catch (RuntimeException error) { // also of no bytes
                throw new PrivetException("invalid-pack", "", "not a WebAssembly module; give one that `privet embed` wrote", error);
            }
            throw new PrivetException("invalid-pack", "", "a WebAssembly module of something else; give one that `privet embed` wrote");
        }

        /** The names of the exports, but for that of {@code privet embed}, with the types of functions. */
        private static Set<String> names(WasmModule module) {
            Set<String> names = new HashSet<>();
            int imported = module.importSection().importCount();
            for (int place = 0; place < module.exportSection().exportCount(); place++) {
                Export export = module.exportSection().getExport(place);
                if (export.exportType() == ExternalType.FUNCTION) {
                    int type = module.functionSection().getFunctionType(export.index() - imported);
                    names.add(export.name() + " " + module.typeSection().getType(type));
                } else {
                    names.add(export.name() + " " + export.exportType());
                }
            }
            names.removeIf(name -> name.startsWith("embedded "));
            return names;
        }

        private static Compiled of(byte[] wasm) {
            WasmModule module = Parser.parse(wasm);
            return new Compiled(module, MachineFactoryCompiler.builder(module)
                    .withInterpreterFallback(InterpreterFallback.SILENT).compile());
        }

        /** The module of this library. */
        static Compiled library() {
            return Library.COMPILED;
        }

        private static final class Library {
            static final Compiled COMPILED = read();

            private static Compiled read() {
                try (var wasm = Instance.class.getResourceAsStream("host.wasm")) {
                    if (wasm == null) {
                        throw new IllegalStateException("host.wasm is not in the library");
                    }
                    return Compiled.of(wasm.readAllBytes());
                } catch (IOException error) {
                    throw new UncheckedIOException(error);
                }
            }
        }
    }

    private final com.dylibso.chicory.runtime.Instance exports;
    final Memory memory;
    private final ConcurrentLinkedQueue<Integer> unused = new ConcurrentLinkedQueue<>();
    final int policy;
    /** How many sessions are open. */
    int live;

    /** How many sessions an instance has before another takes its place: the collector may let many pile up. */
    static final int MOST_LIVE = 4096;

    Instance(Compiled compiled, byte[] pack) {
        exports = run("start", () -> com.dylibso.chicory.runtime.Instance.builder(compiled.module())
                .withMachineFactory(compiled.machines()).build());
        memory = exports.memory();
        policy = call("open", pack);
    }

    /** Runs the module. What it fails with has the code {@code load-failed}: the instance is not used again. */
    private static <T> T run(String name, Supplier<T> call) {
        try {
            return call.get();
        } catch (ChicoryException | StackOverflowError error) {
            throw new PrivetException("load-failed", "", "the WebAssembly module failed in `" + name + "`; its memory may be exhausted", error);
        }
    }

    private long[] apply(String name, long... arguments) {
        return run(name, () -> exports.export(name).apply(arguments));
    }

    /** Frees a session at the next call; any thread may call this at any time. */
    void closeLater(int handle) {
        unused.add(handle);
    }

    /** Frees sessions that nobody uses any more. */
    void closeUnused() {
        for (Integer handle; (handle = unused.poll()) != null; ) {
            number("close", handle);
            live--;
        }
    }

    /** Calls an export with numbers. A result below 0 is an error. */
    int number(String name, long... arguments) {
        int result = (int) apply(name, arguments)[0];
        if (result < 0) {
            JsonNode fault = json(answer(-result));
            throw new PrivetException(
                    fault.path("code").asText(), fault.path("id").asText(), fault.path("message").asText());
        }
        return result;
    }

    /** Calls an export with numbers and bytes, of which it gets the length. */
    int call(String name, byte[] text, long... arguments) {
        if (text.length > 0) {
            int room = (int) apply("room", text.length)[0];
            if (room == 0) {
                throw new PrivetException("invalid-call", "", "no room for the bytes of the call");
            }
            memory.write(room, text);
        }
        long[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = text.length;
        return number(name, all);
    }

    /** The bytes that an export answers. */
    byte[] bytes(String name, long... arguments) {
        return answer(number(name, arguments));
    }

    /** The bytes that an export answers to bytes. */
    byte[] bytesOf(String name, byte[] text, long... arguments) {
        return answer(call(name, text, arguments));
    }

    /** The time of the sessions that follow, in seconds since 1970; NaN for none. */
    void now(double seconds) {
        apply("now", Double.doubleToRawLongBits(seconds));
    }

    double validUntil(int session) {
        return Double.longBitsToDouble(apply("valid_until", session)[0]);
    }

    private byte[] answer(int length) {
        return memory.readBytes((int) apply("answer")[0], length);
    }

    static JsonNode json(byte[] text) {
        try {
            return JSON.readTree(text);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** @throws PrivetException with the code {@code invalid-subject} for a value that has no JSON */
    static byte[] text(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException error) {
            throw new PrivetException("invalid-subject", "", "a value has no JSON", error);
        }
    }
}
