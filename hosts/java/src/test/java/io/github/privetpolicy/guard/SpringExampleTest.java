package io.github.privetpolicy.guard;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;
import static org.springframework.test.web.servlet.setup.MockMvcBuilders.standaloneSetup;

import io.github.privetpolicy.Session;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** The example of the README: an annotation for Spring MVC. */
class SpringExampleTest {
    // example
    /** The operation that a handler needs. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Requires {
        String value();
    }

    /** Refuses requests; handlers without {@code @Requires} are refused too. */
    record RequiresInterceptor(Guard guard) implements HandlerInterceptor {
        @Override
        public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) throws IOException {
            Requires requires = handler instanceof HandlerMethod method ? method.getMethodAnnotation(Requires.class) : null;
            try {
                if (requires == null) {
                    response.sendError(HttpServletResponse.SC_FORBIDDEN);
                    return false;
                }
                request.setAttribute("privet", guard.require(PrivetFilter.authorization(request), requires.value()));
                return true;
            } catch (ProblemException problem) {
                PrivetFilter.write(response, problem);
                return false;
            }
        }
    }

    @RestController
    static class Orders {
        @GetMapping("/orders")
        @Requires("orders.list")
        String list(@RequestAttribute("privet") Session session) {
            return String.join(",", session.allowed());
        }

        @GetMapping("/open")
        String forgotten() {
            return "nobody declared an operation";
        }
    }
    // end

    @Test
    void handlersNeedTheirOperation() throws Exception {
        var mvc = standaloneSetup(new Orders()).addInterceptors(new RequiresInterceptor(GuardTest.options().build())).build();
        mvc.perform(get("/orders").header("Authorization", GuardTest.GOOD.get(0)))
                .andExpect(status().isOk()).andExpect(content().string("orders.list"));
        mvc.perform(get("/orders")).andExpect(status().isUnauthorized())
                .andExpect(header().string("WWW-Authenticate", "Bearer realm=\"privet\""));
        mvc.perform(get("/open").header("Authorization", GuardTest.GOOD.get(0))).andExpect(status().isForbidden());
    }
}
