package io.github.privetpolicy.guard;

import io.github.privetpolicy.PrivetException;
import io.github.privetpolicy.Session;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A servlet filter that requires an operation for each route, and refuses routes that it does not know with 403. The session is the
 * attribute {@link #SESSION} of the request, and is closed after it.
 */
public final class PrivetFilter implements Filter {
    /** The name of the attribute with the {@link Session}. */
    public static final String SESSION = "privet";

    private final Guard guard;
    private final Map<String, String> operations;

    private static final Pattern ROUTE = Pattern.compile("[!#$%&'*+.^_`|~A-Z0-9-]+ /\\S*");

    /**
     * @param operations the operation of each route, such as {@code "GET /orders"}
     * @throws PrivetException with the code {@code invalid-options} for a route without a method, which no request would match, and
     *     {@code unknown-id} for an operation that no policy has
     */
    public PrivetFilter(Guard guard, Map<String, String> operations) {
        operations.forEach((route, operation) -> {
            if (route == null || !ROUTE.matcher(route).matches()) {
                throw new PrivetException("invalid-options", "operations",
                        "the route `" + route + "` is no method and path; write it as `GET /orders`");
            }
            guard.check(operation);
        });
        this.guard = guard;
        this.operations = Map.copyOf(operations);
    }

    @Override
    public void doFilter(ServletRequest given, ServletResponse answer, FilterChain chain) throws IOException, ServletException {
        if (!(given instanceof HttpServletRequest request) || !(answer instanceof HttpServletResponse response)) {
            throw new ServletException("only HTTP requests are guarded");
        }
        String path = request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
        String operation = operations.get(request.getMethod() + " " + path);
        Session session;
        try {
            List<String> authorization = authorization(request);
            if (operation == null) {
                throw new ProblemException("denied", "", "no operation is declared for `" + request.getMethod() + " " + path + "`", null);
            }
            session = guard.require(authorization, operation);
        } catch (ProblemException problem) {
            write(response, problem);
            return;
        }
        try (session) {
            request.setAttribute(SESSION, session);
            chain.doFilter(request, response);
        }
    }

    /** The Authorization headers of a request. */
    public static List<String> authorization(HttpServletRequest request) {
        return Collections.list(request.getHeaders("Authorization"));
    }

    /** Writes the response to a refused request. */
    public static void write(HttpServletResponse response, ProblemException problem) throws IOException {
        response.setStatus(problem.status());
        problem.headers().forEach(response::setHeader);
        response.getOutputStream().write(problem.body().getBytes(StandardCharsets.UTF_8));
    }
}
