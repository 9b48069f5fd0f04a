//! The guest. Before it is deployed, a tool calls `configure`, with the configuration at the standard input, and writes the memory that the
//! instance then has into the module: each instance begins with the policies open. Natively, the program checks a configuration.

use privet_fastly::Site;
use std::io::Read;

/// Reads the configuration from the standard input.
fn configured() -> Result<Site, String> {
    let mut json = Vec::new();
    std::io::stdin().read_to_end(&mut json).map_err(|error| error.to_string())?;
    Site::read(&json)
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> Result<(), String> {
    configured().map(|_| ())
}

#[cfg(target_arch = "wasm32")]
fn main() {
    guest::serve();
}

#[cfg(target_arch = "wasm32")]
mod guest {
    use super::configured;
    use fastly::cache::simple::{CacheEntry, get_or_set_with};
    use fastly::http::StatusCode;
    use fastly::http::serve::Serve;
    use fastly::{Body, Request, Response};
    use jsonwebtoken::jwk::JwkSet;
    use privet_fastly::{Age, DECISION, Site};
    use privet_proxy::KeySource;
    use privet_tower::{Guard, HookError};
    use std::sync::OnceLock;
    use std::time::Duration;

    /// How long keys are kept that were got for a token with an unknown key.
    const AGAIN: Duration = Duration::from_secs(5);

    static SITE: OnceLock<Site> = OnceLock::new();

    /// Reads the configuration when the module is written. One that is refused ends the program, and the module is not written.
    #[unsafe(export_name = "wizer-initialize")]
    #[expect(unsafe_code, reason = "an export has an unmangled name")]
    extern "C" fn configure() {
        match configured() {
            Ok(site) => _ = SITE.set(site),
            Err(message) => {
                eprintln!("privet: the configuration is refused: {message}");
                std::process::abort();
            }
        }
    }

    pub(super) fn serve() {
        let Some(site) = SITE.get() else {
            eprintln!("privet: the module has no configuration");
            Response::from_status(StatusCode::SERVICE_UNAVAILABLE).send_to_client();
            return;
        };
        let guard = site.guard(fetch);
        Serve::new().with_max_requests(site.requests.get()).run(|request| answer(site, &guard, request));
    }

    fn answer(site: &Site, guard: &Guard, request: Request) -> Response {
        match site.handle(guard, request.into()) {
            Ok(request) => {
                // What is answered to one person is not kept for others
                let is_guarded = request.headers().contains_key(DECISION);
                Request::from(request).with_pass(is_guarded).send(&site.backend).unwrap_or_else(|error| {
                    eprintln!("privet: the service did not answer: {error}");
                    Response::from_status(StatusCode::BAD_GATEWAY)
                })
            }
            Err(problem) => problem.response::<Body>().into(),
        }
    }

    /// The keys of the issuer, which all instances of a point of presence share.
    fn fetch(source: &KeySource, age: Age) -> Result<JwkSet, HookError> {
        let url = format!("https://{}{}", source.authority, source.path);
        let (key, ttl) = match age {
            Age::Kept => (format!("privet {url}"), source.refresh()),
            Age::New => (format!("privet new {url}"), AGAIN.min(source.refresh())),
        };
        let found = get_or_set_with(key, || {
            let request = Request::get(url).with_header("accept", "application/json").with_pass(true);
            let mut response = request.send(&source.cluster)?;
            let body = response.take_body_bytes();
            let is_set = serde_json::from_slice::<JwkSet>(&body).is_ok_and(|set| !set.keys.is_empty());
            if response.get_status() != StatusCode::OK || !is_set {
                fastly::error::bail!("the issuer did not answer with keys");
            }
            Ok(CacheEntry { value: body.into(), ttl })
        })?;
        let body = found.ok_or("the keys are not there")?;
        Ok(serde_json::from_slice(&body.into_bytes())?)
    }
}
