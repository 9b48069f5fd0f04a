//! The filter: contexts of proxy-wasm.

use http::{HeaderMap, HeaderValue};
use jsonwebtoken::jwk::JwkSet;
use privet_proxy::{Answer, KeySource, PREFIX, Setup, find_key};
use privet_tower::{Guard, Problem};
use proxy_wasm::hostcalls;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType, LogLevel, MetricType};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, SystemTime};

/// How long a request for keys may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How soon keys are got again after a failure, or for a key that is not known.
const AGAIN: Duration = Duration::from_secs(5);

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_root_context(|_| Box::new(Root::default()));
}}

/// What all requests of a worker share.
struct Shared {
    setup: Setup,
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
    shared: Option<Rc<Shared>>,
    /// Whether a token named a key that is not known, since the keys were last asked for.
    is_unknown_key_asked: Arc<AtomicBool>,
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
        if setup.source().is_some() {
            self.due = Some(SystemTime::UNIX_EPOCH);
            self.set_tick_period(Duration::from_millis(200));
        }
        let guard = RefCell::new(setup.guard());
        self.shared = Some(Rc::new(Shared { setup, guard, counters: RefCell::default() }));
        true
    }

    fn on_tick(&mut self) {
        let Some(source) = self.shared.as_ref().and_then(|shared| shared.setup.source().cloned()) else { return };
        let now = self.get_current_time();
        let Some(due) = self.due else { return };
        if self.is_unknown_key_asked.swap(false, Relaxed) && due > now + AGAIN {
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
        let Some(shared) = &self.shared else { return };
        let is_ok = self.get_http_call_response_header(":status").as_deref() == Some("200");
        let body = self.get_http_call_response_body(0, body).unwrap_or_default();
        let refresh = shared.setup.source().map_or(AGAIN, KeySource::refresh);
        let now = self.get_current_time();
        match serde_json::from_slice::<JwkSet>(&body) {
            Ok(set) if is_ok && !set.keys.is_empty() => {
                let is_unknown = self.is_unknown_key_asked.clone();
                shared.guard.replace(shared.setup.guard_by(move |header| {
                    let key = find_key(&set, header)?;
                    is_unknown.fetch_or(key.is_none(), Relaxed);
                    Ok(key)
                }));
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
        let mut authorization = HeaderMap::new();
        for (_, value) in headers.iter().filter(|(name, _)| name == "authorization") {
            // What is no header value is no token
            let value = HeaderValue::from_bytes(value).unwrap_or(HeaderValue::from_static(""));
            authorization.append(http::header::AUTHORIZATION, value);
        }
        let (method, path) = (text(":method").unwrap_or_default(), text(":path").unwrap_or_default());
        let guard = shared.guard.borrow().clone();
        let answer = shared.setup.answer(&guard, method, path, &authorization);
        shared.count(answer.outcome());
        for (name, value) in answer.headers() {
            self.set_http_request_header(&name, Some(value));
        }
        match &answer {
            Answer::Refused(problem) => self.refuse(problem),
            _ => Action::Continue,
        }
    }
}

impl Request {
    /// Answers with problem details.
    fn refuse(&self, problem: &Problem) -> Action {
        log::debug!("privet: refused: {problem}");
        let response: http::Response<String> = problem.response();
        let headers = response.headers().iter();
        let headers = headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))).collect();
        self.send_http_response(response.status().as_u16().into(), headers, Some(response.body().as_bytes()));
        Action::Pause
    }
}
