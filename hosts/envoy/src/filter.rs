//! The filter: contexts of proxy-wasm.

use crate::config::{KeySource, Setup};
use crate::routes::{Access, Routes};
use http::{HeaderMap, HeaderValue};
use jsonwebtoken::jwk::JwkSet;
use privet_tower::{Guard, Problem, Refusal};
use proxy_wasm::hostcalls;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType, LogLevel, MetricType};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How long a request for keys may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How soon keys are got again after a failure, or for a key that is not known.
const AGAIN: Duration = Duration::from_secs(5);
/// The headers for the upstream. Those of the client are removed.
const PREFIX: &str = "x-privet-";

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_root_context(|_| Box::new(Root::default()));
}}

/// What all requests of a worker share.
struct Shared {
    routes: Arc<Routes>,
    guard: RefCell<Guard>,
    counters: RefCell<HashMap<&'static str, u32>>,
}

impl Shared {
    /// Counts an outcome: `allowed`, `public`, or the code of a refusal.
    fn count(&self, outcome: &'static str) {
        let id = *self.counters.borrow_mut().entry(outcome).or_insert_with(|| {
            hostcalls::define_metric(MetricType::Counter, &format!("privet.requests.{outcome}")).unwrap_or_default()
        });
        let _ = hostcalls::increment_metric(id, 1);
    }
}

#[derive(Default)]
struct Root {
    setup: Option<Setup>,
    shared: Option<Rc<Shared>>,
    /// When keys are got again; none while a request for them is under way.
    due: Option<SystemTime>,
}

impl RootContext for Root {
    fn on_configure(&mut self, _: usize) -> bool {
        let setup = match Setup::read(&self.get_plugin_configuration().unwrap_or_default()) {
            Ok(setup) => setup,
            Err(message) => {
                log::error!("privet: the configuration is refused: {message}");
                return false;
            }
        };
        let guard = RefCell::new(setup.guard());
        let (routes, counters) = (setup.routes.clone(), RefCell::default());
        self.shared = Some(Rc::new(Shared { routes, guard, counters }));
        if setup.source.is_some() {
            self.due = Some(SystemTime::UNIX_EPOCH);
            self.set_tick_period(Duration::from_millis(200));
        }
        self.setup = Some(setup);
        true
    }

    fn on_tick(&mut self) {
        let Some((setup, source)) = self.setup.as_ref().and_then(|setup| Some((setup, setup.source.clone()?))) else {
            return;
        };
        let now = self.get_current_time();
        let Some(due) = self.due else { return };
        let is_asked = setup.is_unknown_key_asked() && due > now + AGAIN;
        if is_asked {
            self.due = Some(now + AGAIN);
        } else if due <= now {
            self.due = if self.fetch(&source) { None } else { Some(now + AGAIN) };
        }
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Request { shared: self.shared.clone() }))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}

impl Root {
    /// Asks for the keys. Whether an answer will come.
    fn fetch(&self, source: &KeySource) -> bool {
        let headers = vec![
            (":method", "GET"),
            (":path", source.path.as_str()),
            (":authority", source.authority.as_str()),
            (":scheme", "https"),
            ("accept", "application/json"),
        ];
        let sent = self.dispatch_http_call(&source.cluster, headers, None, vec![], PATIENCE);
        if let Err(status) = &sent {
            log::warn!(
                "privet: the keys of the issuer are not reachable by the cluster `{}`: {status:?}",
                source.cluster
            );
        }
        sent.is_ok()
    }
}

impl Context for Root {
    fn on_http_call_response(&mut self, _: u32, _: usize, body: usize, _: usize) {
        let Some(setup) = &self.setup else { return };
        let is_ok = self.get_http_call_response_header(":status").as_deref() == Some("200");
        let body = self.get_http_call_response_body(0, body).unwrap_or_default();
        let refresh = setup.source.as_ref().map_or(AGAIN, KeySource::refresh);
        let now = self.get_current_time();
        match serde_json::from_slice::<JwkSet>(&body) {
            Ok(set) if is_ok && !set.keys.is_empty() => {
                if let Some(shared) = &self.shared {
                    shared.guard.replace(setup.guard_with(set));
                }
                self.due = Some(now + refresh);
            }
            _ => {
                // The keys that are there stay
                log::warn!("privet: the issuer did not answer with keys");
                self.due = Some(now + AGAIN.min(refresh));
            }
        }
    }
}

/// A request.
struct Request {
    shared: Option<Rc<Shared>>,
}

impl Context for Request {}

impl HttpContext for Request {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        let Some(shared) = self.shared.clone() else {
            self.send_http_response(503, vec![], None);
            return Action::Pause;
        };
        let headers = self.get_http_request_headers_bytes();
        let text = |wanted: &str| {
            let found = headers.iter().find(|(name, _)| name == wanted)?;
            std::str::from_utf8(&found.1).ok()
        };
        for (name, _) in headers.iter().filter(|(name, _)| name.starts_with(PREFIX)) {
            self.set_http_request_header(name, None);
        }
        let (method, path) = (text(":method").unwrap_or_default(), text(":path").unwrap_or_default());
        let route = match shared.routes.find(method, path) {
            Access::Needs(route) => route,
            Access::Public => {
                shared.count("public");
                return Action::Continue;
            }
            Access::None => {
                return self.refuse(&shared, &Problem::from(Refusal::Denied));
            }
        };
        let mut authorization = HeaderMap::new();
        for (_, value) in headers.iter().filter(|(name, _)| name == "authorization") {
            // What is no header value is no token
            let value = HeaderValue::from_bytes(value).unwrap_or(HeaderValue::from_static(""));
            authorization.append(http::header::AUTHORIZATION, value);
        }
        let discharges: Vec<&str> = route.discharges.iter().map(String::as_str).collect();
        let guard = shared.guard.borrow().clone();
        match guard.require(&authorization, &route.operation, &discharges) {
            Ok(session) => {
                let owed = session.decide(&route.operation).map(|decision| decision.obligations.join(" "));
                let owed = owed.unwrap_or_default();
                for (name, value) in
                    [("decision", "allowed"), ("operation", route.operation.as_str()), ("obligations", owed.as_str())]
                {
                    self.set_http_request_header(&format!("{PREFIX}{name}"), Some(value));
                }
                shared.count("allowed");
                Action::Continue
            }
            Err(problem) => self.refuse(&shared, &problem),
        }
    }
}

impl Request {
    /// Answers with problem details.
    fn refuse(&self, shared: &Shared, problem: &Problem) -> Action {
        shared.count(problem.code());
        log::debug!("privet: refused: {problem}");
        let response: http::Response<String> = problem.response();
        let headers = response.headers().iter();
        let headers = headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))).collect();
        self.send_http_response(response.status().as_u16().into(), headers, Some(response.body().as_bytes()));
        Action::Pause
    }
}
