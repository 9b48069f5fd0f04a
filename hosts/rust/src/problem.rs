//! The refusal of a request.

use http::header::{CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};
use serde_json::json;
use std::error::Error;
use std::fmt;

/// Why a request is refused. Each has a stable code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// No token.
    MissingToken,
    /// The token or its header is too long.
    OversizedToken,
    /// Malformed, forged, another key or algorithm, no claim, no expiry, or not valid yet.
    InvalidToken,
    /// Too old.
    ExpiredToken,
    /// Signed by the right key, but for another issuer.
    WrongIssuer,
    /// Signed by the right key, but for another audience.
    WrongAudience,
    /// Revoked.
    RevokedToken,
    /// The layout of no policy, or older than the operation.
    StaleToken,
    /// Not allowed.
    Denied,
    /// It depends on an unknown fact.
    Undecided,
    /// Allowed, but with an obligation that the handler does not fulfil.
    ObligationOwed,
    /// Roles of the token grant different options of a choice.
    ConflictingChoice,
    /// The facts do not match the policy.
    InvalidFacts,
    /// The hook for keys failed.
    KeysUnavailable,
    /// The hook for facts failed.
    FactsUnavailable,
    /// The hook for revocations failed.
    RevocationUnavailable,
}

impl Refusal {
    /// Status, stable code, and the detail that any client may read.
    const fn parts(self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as Status;
        match self {
            Self::MissingToken => (
                Status::UNAUTHORIZED,
                "missing-token",
                "no token was sent; send one where this service expects it, by default as bearer token",
            ),
            Self::OversizedToken => (
                Status::UNAUTHORIZED,
                "oversized-token",
                "the token or its header is longer than 8,192 characters; send a smaller token",
            ),
            Self::InvalidToken => {
                (Status::UNAUTHORIZED, "invalid-token", "the token is malformed or not valid here; sign in again")
            }
            Self::ExpiredToken => (Status::UNAUTHORIZED, "expired-token", "the token is expired; get a new one"),
            Self::WrongIssuer => {
                (Status::UNAUTHORIZED, "wrong-issuer", "the token is from another issuer; sign in here")
            }
            Self::WrongAudience => {
                (Status::UNAUTHORIZED, "wrong-audience", "the token is for another audience; get one for this service")
            }
            Self::RevokedToken => (Status::UNAUTHORIZED, "revoked-token", "the token was revoked; sign in again"),
            Self::StaleToken => (
                Status::UNAUTHORIZED,
                "stale-token",
                "the token belongs to a version of the policy that is no longer in force; get a new one",
            ),
            Self::Denied => (Status::FORBIDDEN, "denied", "this is not allowed"),
            Self::Undecided => (Status::FORBIDDEN, "undecided", "whether this is allowed depends on an unknown fact"),
            Self::ObligationOwed => {
                (Status::FORBIDDEN, "obligation-owed", "this has an obligation that was not fulfilled")
            }
            Self::ConflictingChoice => (Status::FORBIDDEN, "conflicting-choice", "the roles of the subject conflict"),
            Self::InvalidFacts => {
                (Status::INTERNAL_SERVER_ERROR, "invalid-facts", "the facts of the subject do not match the policy")
            }
            Self::KeysUnavailable => {
                (Status::SERVICE_UNAVAILABLE, "keys-unavailable", "the issuer's keys are unavailable")
            }
            Self::FactsUnavailable => {
                (Status::SERVICE_UNAVAILABLE, "facts-unavailable", "the facts of the subject are unavailable")
            }
            Self::RevocationUnavailable => (
                Status::SERVICE_UNAVAILABLE,
                "revocation-unavailable",
                "the revocation status of the token is unavailable",
            ),
        }
    }
}

/// A refused request.
#[derive(Debug)]
pub struct Problem {
    refusal: Refusal,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Problem {
    pub(crate) const fn new(refusal: Refusal) -> Self {
        Self { refusal, source: None }
    }

    pub(crate) fn because(refusal: Refusal, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { refusal, source: Some(source.into()) }
    }

    /// Why the request is refused.
    pub const fn refusal(&self) -> Refusal {
        self.refusal
    }

    /// The stable code.
    pub const fn code(&self) -> &'static str {
        self.refusal.parts().1
    }

    /// 401 for the token, 403 for the decision, 500 and 503 if no decision was possible.
    pub const fn status(&self) -> StatusCode {
        self.refusal.parts().0
    }

    /// The response: problem details of RFC 9457, with a challenge for a 401. It tells nothing of the policy or the token.
    pub fn response<B: From<String>>(&self) -> Response<B> {
        let (status, code, detail) = self.refusal.parts();
        let title = status.canonical_reason().unwrap_or_default();
        let body =
            json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "code": code, "detail": detail });
        let mut response = Response::new(body.to_string().into());
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            let challenge = match self.refusal {
                Refusal::MissingToken => r#"Bearer realm="privet""#,
                _ => r#"Bearer realm="privet", error="invalid_token""#,
            };
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(source) => write!(f, "{}: {source}", self.code()),
            None => f.write_str(self.code()),
        }
    }
}

impl Error for Problem {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}
