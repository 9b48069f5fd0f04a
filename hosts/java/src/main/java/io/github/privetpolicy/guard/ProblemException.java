package io.github.privetpolicy.guard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.privetpolicy.PrivetException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A refused request: the status, headers and body of the response, problem details of RFC 9457. The message is for logs. The response
 * tells nothing of the policy, and neither contains the token.
 */
public final class ProblemException extends PrivetException {
    private static final long serialVersionUID = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Kind(int status, String detail) {}

    private static final Map<String, Kind> KINDS = Map.ofEntries(
            Map.entry("missing-token", new Kind(401,
                    "no token was sent; send one where this service expects it, by default as bearer token")),
            Map.entry("oversized-token", new Kind(401,
                    "the token or its header is longer than 8,192 characters; send a smaller token")),
            Map.entry("invalid-token", new Kind(401, "the token is malformed or not valid here; sign in again")),
            Map.entry("expired-token", new Kind(401, "the token is expired; get a new one")),
            Map.entry("wrong-issuer", new Kind(401, "the token is from another issuer; sign in here")),
            Map.entry("wrong-audience", new Kind(401, "the token is for another audience; get one for this service")),
            Map.entry("revoked-token", new Kind(401, "the token was revoked; sign in again")),
            Map.entry("stale-token", new Kind(401,
                    "the token belongs to a version of the policy that is no longer in force; get a new one")),
            Map.entry("denied", new Kind(403, "this is not allowed")),
            Map.entry("undecided", new Kind(403, "whether this is allowed depends on an unknown fact")),
            Map.entry("obligation-owed", new Kind(403, "this has an obligation that was not fulfilled")),
            Map.entry("conflicting-choice", new Kind(403, "the roles of the subject conflict")),
            Map.entry("invalid-facts", new Kind(500, "the facts of the subject do not match the policy")),
            Map.entry("keys-unavailable", new Kind(503, "the issuer's keys are unavailable")),
            Map.entry("facts-unavailable", new Kind(503, "the facts of the subject are unavailable")),
            Map.entry("revocation-unavailable", new Kind(503, "the revocation status of the token is unavailable")));
    private static final Map<Integer, String> TITLES = Map.of(
            401, "Unauthorized", 403, "Forbidden", 500, "Internal Server Error", 503, "Service Unavailable");

    ProblemException(String code, String operation, String message, Throwable cause) {
        super(code, operation, message, cause);
    }

    public int status() {
        return KINDS.get(code()).status();
    }

    /** The headers of the response. */
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/problem+json");
        headers.put("Cache-Control", "no-store");
        if (status() == 401) {
            String error = code().equals("missing-token") ? "" : ", error=\"invalid_token\"";
            headers.put("WWW-Authenticate", "Bearer realm=\"privet\"" + error);
        }
        return headers;
    }

    /** The body of the response. */
    public String body() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("type", "about:blank");
        details.put("title", TITLES.get(status()));
        details.put("status", status());
        details.put("code", code());
        details.put("detail", KINDS.get(code()).detail());
        try {
            return JSON.writeValueAsString(details);
        } catch (JsonProcessingException error) {
            throw new IllegalStateException(error);
        }
    }
}
