package io.github.privetpolicy;

/** An error with a stable code. Nothing was decided. */
public class PrivetException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String code;
    private final String id;

    public PrivetException(String code, String id, String message) {
        this(code, id, message, null);
    }

    public PrivetException(String code, String id, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.id = id;
    }

    /** A code of the npm package, such as {@code unknown-id} or {@code stale-token}. */
    public String code() {
        return code;
    }

    /** The id that it is about, or empty. */
    public String id() {
        return id;
    }
}
