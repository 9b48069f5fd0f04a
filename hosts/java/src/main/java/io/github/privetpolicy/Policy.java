package io.github.privetpolicy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * An opened policy. Threads may share it: it has an instance of the module for each thread that decides at the same time.
 *
 * <pre>{@code
 * Policy policy = Policy.open(pack);
 * boolean can = policy.session(Subject.withRoles("clerk")).can("orders.list");
 * }</pre>
 */
public final class Policy {
    private final Instance.Compiled module;
    private final byte[] pack;
    private final ConcurrentLinkedDeque<Instance> free = new ConcurrentLinkedDeque<>();
    private final JsonNode names;
    private final List<String> operations;
    private final Map<String, Integer> places = new HashMap<>();

    private Policy(Instance.Compiled module, byte[] pack) {
        this.module = module;
        this.pack = pack;
        names = use(opened -> Instance.json(opened.bytes("describe", opened.policy)));
        operations = list("operations");
        for (String id : operations) {
            places.put(id, places.size());
        }
    }

    /**
     * Opens a pack.
     *
     * @throws PrivetException with the code {@code invalid-pack}
     */
    public static Policy open(byte[] pack) {
        if (pack == null || pack.length == 0) {
            throw new PrivetException("invalid-pack", "", "not a pack of this release at byte 0; compile the policy again");
        }
        return new Policy(Instance.Compiled.library(), pack.clone());
    }

    /**
     * Opens the policy in a module that {@code privet embed} wrote.
     *
     * @throws PrivetException with the code {@code invalid-pack}
     */
    public static Policy embedded(byte[] wasm) {
        Instance.Compiled module = Instance.Compiled.embedded(wasm);
        try {
            return new Policy(module, new byte[0]);
        } catch (RuntimeException error) { // whatever a module of something else does
            if (error instanceof PrivetException refused && refused.code().equals("invalid-pack")) {
                throw refused;
            }
            throw new PrivetException("invalid-pack", "", "a WebAssembly module of something else; give one that `privet embed` wrote", error);
        }
    }

    public String id() {
        return names.path("id").asText();
    }

    public String title() {
        return names.path("title").asText();
    }

    public String version() {
        return names.path("version").asText();
    }

    /** The SHA-256 of the canonical document. */
    public String fingerprint() {
        return names.path("fingerprint").asText();
    }

    /** The first letters of all tokens of this policy. */
    public String layout() {
        return names.path("layout").asText();
    }

    /** The ids of the operations, in policy order. */
    public List<String> operations() {
        return operations;
    }

    public List<String> privileges() {
        return list("privileges");
    }

    public List<String> roles() {
        return list("roles");
    }

    public List<String> facts() {
        return list("facts");
    }

    private List<String> list(String key) {
        List<String> ids = new ArrayList<>();
        names.path(key).forEach(id -> ids.add(id.asText()));
        return List.copyOf(ids);
    }

    Optional<Integer> place(String operation) {
        return Optional.ofNullable(places.get(operation));
    }

    /**
     * Evaluates a subject: a {@link Subject}, a map, or anything that Jackson writes as the JSON of one.
     *
     * @throws PrivetException for an unknown id, an invalid value, or roles that conflict
     */
    public Session session(Object subject) {
        return session(subject, Double.NaN);
    }

    /** Evaluates a subject with grants and roles that end. */
    public Session session(Object subject, Instant now) {
        if (now == null) {
            throw new PrivetException("invalid-options", "now", "`now` must be a time");
        }
        return session(subject, (double) now.getEpochSecond());
    }

    private Session session(Object subject, double now) {
        byte[] text = Instance.text(subject);
        return make(opened -> {
            opened.now(now);
            return opened.call("session", text, opened.policy);
        });
    }

    /** Evaluates the subject of a token with its current facts: a map, or what Jackson writes as a JSON object. */
    public Session restore(String token, Object facts) {
        if (token == null) {
            throw new PrivetException("invalid-token", "", "not a Privet token; request a new one");
        }
        byte[] first = token.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] second = Instance.text(facts);
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return make(opened -> opened.call("restore", both, opened.policy, first.length));
    }

    private Session make(ToIntFunction<Instance> evaluate) {
        return use(opened -> new Session(this, opened, evaluate.applyAsInt(opened)));
    }

    /** The operations that are allowed to each subject; empty for a subject that is refused. */
    public List<Optional<Set<String>>> population(List<?> subjects) {
        if (subjects == null) {
            throw new PrivetException("invalid-subject", "", "`null` is no list of subjects");
        }
        byte[] planes = use(opened -> {
            opened.now(Double.NaN);
            return opened.bytesOf("population", Instance.text(subjects), opened.policy);
        });
        int stride = (subjects.size() + 7) / 8;
        List<Optional<Set<String>>> all = new ArrayList<>();
        for (int row = 0; row < subjects.size(); row++) {
            Set<String> allowed = new LinkedHashSet<>();
            for (int plane = 0; plane < operations.size(); plane++) {
                if (isSet(planes, plane * stride, row)) {
                    allowed.add(operations.get(plane));
                }
            }
            all.add(isSet(planes, operations.size() * stride, row) ? Optional.empty() : Optional.of(allowed));
        }
        return all;
    }

    private static boolean isSet(byte[] planes, int start, int row) {
        return (planes[start + row / 8] >> (row % 8) & 1) == 1;
    }

    /** Runs a function with an instance that no other thread uses. After anything but an error of Privet it is not used again. */
    private <T> T use(Function<Instance, T> run) {
        Instance taken = free.pollFirst();
        Instance opened = taken == null ? new Instance(module, pack) : taken;
        T result;
        try {
            synchronized (opened) {
                opened.closeUnused();
                result = run.apply(opened);
            }
        } catch (PrivetException error) {
            if (!error.code().equals("load-failed")) {
                giveBack(opened);
            }
            throw error;
        }
        giveBack(opened);
        return result;
    }

    /** An instance with many sessions is not used for more: it is freed with the last of them. */
    private void giveBack(Instance opened) {
        synchronized (opened) {
            if (opened.live > Instance.MOST_LIVE) {
                return;
            }
        }
        free.addFirst(opened);
    }
}
