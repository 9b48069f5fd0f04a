package io.github.privetpolicy;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A subject evaluated against a policy: every decision. It does not change, and threads may share it. {@link #close} frees what it has
 * in the module; a session that is not closed is freed when it is collected.
 */
public final class Session implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Policy policy;
    private final io.github.privetpolicy.Instance opened;
    private final int handle;
    private final byte[] bits;
    private final Cleaner.Cleanable cleanable;
    private volatile boolean isClosed;
    private final Optional<Instant> validUntil;

    Session(Policy policy, io.github.privetpolicy.Instance opened, int handle) {
        this.policy = policy;
        this.opened = opened;
        this.handle = handle;
        opened.live++;
        cleanable = CLEANER.register(this, () -> opened.closeLater(handle));
        double until = opened.validUntil(handle);
        validUntil = Double.isInfinite(until) ? Optional.empty() : Optional.of(Instant.ofEpochSecond((long) until));
        bits = opened.bytes("allowed_bits", handle);
    }

    public Policy policy() {
        return policy;
    }

    /** Frees the session; afterwards every other method throws {@link PrivetException} with the code {@code invalid-call}. */
    @Override
    public void close() {
        isClosed = true;
        cleanable.clean();
    }

    private void checkOpen() {
        if (isClosed) {
            throw new PrivetException("invalid-call", "", "not an open session; it was closed, or never opened");
        }
    }

    /** When the first grant or role that counts ends. */
    public Optional<Instant> validUntil() {
        checkOpen();
        return validUntil;
    }

    /**
     * Whether an operation is allowed; false where that is undecided.
     *
     * @throws PrivetException with the code {@code unknown-id}
     */
    public boolean can(String operation) {
        checkOpen();
        Optional<Integer> place = policy.place(operation);
        if (place.isEmpty()) {
            return decide(operation).verdict() == Verdict.ALLOWED; // its error says what was probably meant
        }
        return (bits[place.get() >> 3] >> (place.get() & 7) & 1) == 1;
    }

    /** The decision on an operation, with its obligations. */
    public Decision decide(String operation) {
        JsonNode answer = ask("decide", id(operation, "operation"));
        String verdict = answer.path("decision").asText().toUpperCase(Locale.ROOT);
        return new Decision(Verdict.valueOf(verdict), texts(answer.path("obligations")));
    }

    /** The allowed operations in policy order, without those that restrict. */
    public List<String> allowed() {
        return texts(ask("allowed", null));
    }

    /** The menu as a tree, including hidden items. */
    public List<MenuItem> menu() {
        return items(ask("menu", null));
    }

    /** A menu item, with what is below it. */
    public MenuItem menuItem(String id) {
        return item(ask("menu_item", id(id, "menu item")));
    }

    /** What the subject holds of a privilege. */
    public Holding holds(String privilege) {
        JsonNode answer = ask("holds", id(privilege, "privilege"));
        return new Holding(answer.get("granted"), answer.get("effective"), answer.get("from"));
    }

    /**
     * The grants and listed roles as a short text, for a JWT. It has no ends of grants and roles: the JWT must expire at
     * {@link #validUntil()}, if there is one, or before.
     */
    public String token() {
        return new String(bytes("token", null), StandardCharsets.UTF_8);
    }

    /** The subject. */
    public JsonNode subject() {
        return ask("subject", null);
    }

    /** The part of the subject that the decision on an operation reads. */
    public JsonNode inputs(String operation) {
        return ask("inputs", id(operation, "operation"));
    }

    /** The decisions and the menu as a text for {@code privet/read}. */
    public String snapshot() {
        return new String(bytes("snapshot", null), StandardCharsets.UTF_8);
    }

    /** The session after a change, {@code {"set": …, "facts": …, "roles": …}} as a map; this session stays as it is. */
    public Session with(Object change) {
        byte[] text = io.github.privetpolicy.Instance.text(change);
        synchronized (opened) {
            try {
                checkOpen();
                return new Session(policy, opened, opened.call("with", text, handle));
            } finally {
                Reference.reachabilityFence(this);
            }
        }
    }

    private static String id(String id, String kind) {
        if (id == null) {
            throw new PrivetException("unknown-id", "null", "unknown " + kind + " `null`; the policy has no such " + kind);
        }
        return id;
    }

    private byte[] bytes(String name, String text) {
        synchronized (opened) {
            try {
                checkOpen();
                return text == null
                        ? opened.bytes(name, handle)
                        : opened.bytesOf(name, text.getBytes(StandardCharsets.UTF_8), handle);
            } finally {
                Reference.reachabilityFence(this);
            }
        }
    }

    private JsonNode ask(String name, String text) {
        return io.github.privetpolicy.Instance.json(bytes(name, text));
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return List.copyOf(texts);
    }

    private static List<MenuItem> items(JsonNode list) {
        List<MenuItem> items = new ArrayList<>();
        list.forEach(item -> items.add(item(item)));
        return List.copyOf(items);
    }

    private static MenuItem item(JsonNode item) {
        return new MenuItem(item.path("id").asText(), item.path("label").asText(), item.get("meta"),
                item.path("state").asText(), texts(item.path("verbs")), texts(item.path("operations")),
                items(item.path("children")));
    }
}
