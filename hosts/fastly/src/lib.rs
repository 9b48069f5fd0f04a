#![doc = include_str!("../README.md")]

use http::header::HeaderName;
use http::{HeaderValue, Request};
use jsonwebtoken::jwk::JwkSet;
use privet_proxy::{Answer, Config, KeySource, PREFIX, Setup, find_key};
use privet_tower::{Guard, HookError, Problem};
use serde::Deserialize;
use std::num::NonZeroUsize;

/// What the guest is configured by. Unknown keys are refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SiteConfig {
    /// The backend that has the service.
    backend: String,
    /// How many requests an instance serves, one after the other.
    #[serde(default = "one")]
    requests: NonZeroUsize,
    /// The policies, the issuer and the routes.
    guard: Config,
}

const fn one() -> NonZeroUsize {
    NonZeroUsize::MIN
}

/// The header of requests to which an operation is allowed.
pub const DECISION: &str = "x-privet-decision";

/// How old the issuer's keys may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// As old as the configuration allows.
    Kept,
    /// A few seconds: the kept ones do not have the key of a token.
    New,
}

/// The configuration, checked.
#[derive(Debug)]
pub struct Site {
    /// The backend that has the service.
    pub backend: String,
    /// How many requests an instance serves, one after the other.
    pub requests: NonZeroUsize,
    setup: Setup,
}

impl Site {
    /// Reads and checks the configuration.
    ///
    /// # Errors
    /// What is wrong and where.
    pub fn read(json: &[u8]) -> Result<Self, String> {
        let config: SiteConfig = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        Ok(Self { backend: config.backend, requests: config.requests, setup: Setup::new(config.guard)? })
    }

    /// The guard. `fetch` gets the issuer's keys, if they are not configured; an error refuses the request with 503.
    pub fn guard(&self, fetch: impl Fn(&KeySource, Age) -> Result<JwkSet, HookError> + Send + Sync + 'static) -> Guard {
        let Some(source) = self.setup.source().cloned() else { return self.setup.guard() };
        self.setup.guard_by(move |header| match find_key(&fetch(&source, Age::Kept)?, header)? {
            Some(key) => Ok(Some(key)),
            None => find_key(&fetch(&source, Age::New)?, header),
        })
    }

    /// The request for the service.
    ///
    /// # Errors
    /// The request is refused; [`Problem::response`] is the answer.
    pub fn handle<B>(&self, guard: &Guard, mut request: Request<B>) -> Result<Request<B>, Problem> {
        let answer = self.setup.answer(guard, request.method().as_str(), request.uri().path(), request.headers());
        if let Answer::Refused(problem) = answer {
            return Err(problem);
        }
        let headers = request.headers_mut();
        let forged: Vec<HeaderName> =
            headers.keys().filter(|name| name.as_str().starts_with(PREFIX)).cloned().collect();
        for name in forged {
            headers.remove(name);
        }
        for (name, value) in answer.headers() {
            // Ids are ASCII
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
                headers.insert(name, value);
            }
        }
        Ok(request)
    }
}
