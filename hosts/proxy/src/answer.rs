//! The answer to a request: it goes on to the service, or is refused.

use crate::config::Setup;
use crate::routes::Access;
use http::HeaderMap;
use privet_tower::{Guard, Problem, Refusal};

/// How the headers for the service begin. Those of the client that begin so are removed.
pub const PREFIX: &str = "x-privet-";

/// What happens to a request.
#[derive(Debug)]
pub enum Answer {
    /// An operation is allowed: the request goes on with headers that say so.
    Allowed {
        /// The id of the operation.
        operation: String,
        /// The obligations that the service fulfils, separated by spaces.
        obligations: String,
    },
    /// The route is open to everybody: the request goes on.
    Public,
    /// The request is refused.
    Refused(Problem),
}

impl Answer {
    /// `allowed`, `public`, or the code of the refusal.
    pub const fn outcome(&self) -> &'static str {
        match self {
            Self::Allowed { .. } => "allowed",
            Self::Public => "public",
            Self::Refused(problem) => problem.code(),
        }
    }

    /// The headers for the service.
    pub fn headers(&self) -> Vec<(String, &str)> {
        let Self::Allowed { operation, obligations } = self else { return Vec::new() };
        let headers = [("decision", "allowed"), ("operation", operation), ("obligations", obligations)];
        headers.into_iter().map(|(name, value)| (format!("{PREFIX}{name}"), value)).collect()
    }
}

impl Setup {
    /// The answer to a request. `path` is that of the request, with its query or without; of `headers`, `authorization` is read.
    pub fn answer(&self, guard: &Guard, method: &str, path: &str, headers: &HeaderMap) -> Answer {
        let route = match self.routes().find(method, path) {
            Access::Needs(route) => route,
            Access::Public => return Answer::Public,
            Access::None => return Answer::Refused(Refusal::Denied.into()),
        };
        let operation = &route.operation;
        let discharges: Vec<&str> = route.discharges.iter().map(String::as_str).collect();
        match guard.require(headers, operation, &discharges) {
            Ok(session) => {
                let owed = session.decide(operation).map(|decision| decision.obligations.join(" "));
                Answer::Allowed { operation: operation.clone(), obligations: owed.unwrap_or_default() }
            }
            Err(problem) => Answer::Refused(problem),
        }
    }
}
