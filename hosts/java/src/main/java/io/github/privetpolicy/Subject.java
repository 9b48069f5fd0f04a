package io.github.privetpolicy;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * A person: roles (ids, or maps of grants), own grants by privilege, and known facts.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Subject(List<?> roles, Map<String, ?> grants, Map<String, ?> facts) {
    /** A person with these roles. */
    public static Subject withRoles(String... ids) {
        return new Subject(List.of(ids), Map.of(), Map.of());
    }
}
