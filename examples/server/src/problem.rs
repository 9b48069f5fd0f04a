//! Refusals as RFC 9457 problems with a stable code; they reveal nothing about the policy or the token.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use serde_json::json;

/// Why a request is refused.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Problem {
    MissingToken,
    OversizedToken,
    InvalidToken,
    StaleToken,
    Denied,
    Undecided,
    ObligationOwed,
    ConflictingChoice,
    InvalidFacts,
    NotFound,
}

impl Problem {
    fn parts(self) -> (StatusCode, &'static str) {
        match self {
            Self::MissingToken => (StatusCode::UNAUTHORIZED, "missing-token"),
            Self::OversizedToken => (StatusCode::UNAUTHORIZED, "oversized-token"),
            Self::InvalidToken => (StatusCode::UNAUTHORIZED, "invalid-token"),
            Self::StaleToken => (StatusCode::UNAUTHORIZED, "stale-token"),
            Self::Denied => (StatusCode::FORBIDDEN, "denied"),
            Self::Undecided => (StatusCode::FORBIDDEN, "undecided"),
            Self::ObligationOwed => (StatusCode::FORBIDDEN, "obligation-owed"),
            Self::ConflictingChoice => (StatusCode::FORBIDDEN, "conflicting-choice"),
            Self::InvalidFacts => (StatusCode::INTERNAL_SERVER_ERROR, "invalid-facts"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found"),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, code) = self.parts();
        let title = status.canonical_reason().unwrap_or_default();
        let body = json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "code": code });
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            let challenge = match self {
                Self::MissingToken => r#"Bearer realm="privet""#,
                _ => r#"Bearer realm="privet", error="invalid_token""#,
            };
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}
