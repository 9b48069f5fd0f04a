package io.github.privetpolicy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Measures with the pack that the property {@code privet.bench} names, for scripts/hosts.sh. */
class Bench {
    /** Microseconds of a call: the least of several rounds. */
    private static double least(int calls, Runnable call) {
        double best = Double.MAX_VALUE;
        for (int round = 0; round < 7; round++) {
            long start = System.nanoTime();
            for (int made = 0; made < calls; made++) {
                call.run();
            }
            best = Math.min(best, (System.nanoTime() - start) / 1000.0 / calls);
        }
        return best;
    }

    @Test
    @EnabledIfSystemProperty(named = "privet.bench", matches = ".+")
    void measure() throws IOException {
        byte[] pack = Files.readAllBytes(Path.of(System.getProperty("privet.bench")));
        Policy policy = Policy.open(pack);
        Subject subject = Subject.withRoles("administrator");
        Session kept = policy.session(subject);
        double session = least(1000, () -> {
            try (Session made = policy.session(subject)) {
                made.can("calls.flows.define");
            }
        });
        double can = least(100_000, () -> kept.can("calls.flows.define"));
        double open = least(5, () -> Policy.open(pack));
        Instance.Compiled library = Instance.Compiled.library();
        double instantiate = least(50, () -> com.dylibso.chicory.runtime.Instance.builder(library.module())
                .withMachineFactory(library.machines()).build());
        int memory = new Instance(library, pack).memory.pages() * 65_536;
        System.out.printf(Locale.ROOT,
                "{\"host\":\"Java, chicory\",\"instantiate\":%f,\"open\":%f,\"session\":%f,\"can\":%f,\"memory\":%d}%n",
                instantiate, open, session, can, memory);
    }
}
