//! Verifies the JWT of a request and decides by the token in it.

use crate::claims::{self, Claims, Strict};
use crate::kept::Kept;
use crate::problem::{Problem, Refusal};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, Header, Validation, decode, decode_header};
use privet::{Policy, Session, Subject, SubjectError, SubjectFault, Value, Verdict};
use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// The most bytes of an Authorization header.
const MOST_BYTES: usize = 8192;

/// The error of a hook.
pub type HookError = Box<dyn Error + Send + Sync>;

type Keys = Arc<dyn Fn(&Header) -> Result<DecodingKey, HookError> + Send + Sync>;
type Facts = Arc<dyn Fn(&HeaderMap, &Claims) -> Result<Vec<(String, Value)>, HookError> + Send + Sync>;
type Revoked = Arc<dyn Fn(&Claims) -> Result<bool, HookError> + Send + Sync>;

/// Verifies tokens and decides. Nothing is allowed by default. Cloning is cheap.
#[derive(Clone)]
pub struct Guard {
    policies: Arc<[&'static Policy]>,
    keys: Keys,
    issuer: Arc<str>,
    audience: Arc<str>,
    algorithms: Arc<[Algorithm]>,
    claim: String,
    facts: Option<Facts>,
    revoked: Option<Revoked>,
    kept: Option<Arc<Kept>>,
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let policies: Vec<&str> = self.policies.iter().map(|policy| policy.id()).collect();
        f.debug_struct("Guard").field("policies", &policies).finish_non_exhaustive()
    }
}

/// Options that are missing or unsafe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidOptions(&'static str);

impl InvalidOptions {
    /// The stable code: `invalid-options`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        "invalid-options"
    }
}

impl fmt::Display for InvalidOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for InvalidOptions {}

impl Guard {
    /// A guard by policies that live as long as the program, such as those of `Box::leak`; the newest first. The first one with the
    /// layout of a token decides alone.
    ///
    /// # Errors
    /// [`InvalidOptions`] if a policy, the issuer, the audience or the algorithms are missing, an algorithm has a shared secret, or one
    /// does not fit the key.
    pub fn new(
        policies: &[&'static Policy],
        key: DecodingKey,
        issuer: &str,
        audience: &str,
        algorithms: &[Algorithm],
    ) -> Result<Self, InvalidOptions> {
        if !algorithms.iter().all(|algorithm| fits(&key, *algorithm)) {
            return Err(InvalidOptions("the algorithms must fit the key: name those that the issuer signs with"));
        }
        Self::by_keys(policies, move |_| Ok(key.clone()), issuer, audience, algorithms)
    }

    /// A guard that finds the key by the header of a JWT, for example in the issuer's JWKS. An error of `keys` refuses the request
    /// with 503.
    ///
    /// # Errors
    /// [`InvalidOptions`] as for [`Guard::new`].
    pub fn by_keys(
        policies: &[&'static Policy],
        keys: impl Fn(&Header) -> Result<DecodingKey, HookError> + Send + Sync + 'static,
        issuer: &str,
        audience: &str,
        algorithms: &[Algorithm],
    ) -> Result<Self, InvalidOptions> {
        if algorithms.is_empty() {
            return Err(InvalidOptions("name the algorithms of the issuer"));
        }
        if policies.is_empty() || issuer.is_empty() || audience.is_empty() {
            return Err(InvalidOptions("policies, issuer and audience are required"));
        }
        if algorithms.iter().any(|it| it.family() == AlgorithmFamily::Hmac) {
            return Err(InvalidOptions("name algorithms of public keys, such as ES256"));
        }
        Ok(Self {
            policies: policies.into(),
            keys: Arc::new(keys),
            issuer: issuer.into(),
            audience: audience.into(),
            algorithms: algorithms.into(),
            claim: "privet".into(),
            facts: None,
            revoked: None,
            kept: None,
        })
    }

    /// Finds the key by the header of a JWT, for example in the issuer's JWKS. An error refuses the request with 503.
    #[must_use]
    pub fn keys(mut self, keys: impl Fn(&Header) -> Result<DecodingKey, HookError> + Send + Sync + 'static) -> Self {
        self.keys = Arc::new(keys);
        self
    }

    /// The claim that has the token; `privet` by default.
    #[must_use]
    pub fn claim(mut self, claim: &str) -> Self {
        self.claim = claim.into();
        self
    }

    /// The current facts of a person. What they do not give is unknown. An error refuses the request with 503.
    #[must_use]
    pub fn facts(
        mut self,
        facts: impl Fn(&HeaderMap, &Claims) -> Result<Vec<(String, Value)>, HookError> + Send + Sync + 'static,
    ) -> Self {
        self.facts = Some(Arc::new(facts));
        self
    }

    /// Whether claims are revoked. An error refuses the request with 503.
    #[must_use]
    pub fn revoked(mut self, revoked: impl Fn(&Claims) -> Result<bool, HookError> + Send + Sync + 'static) -> Self {
        self.revoked = Some(Arc::new(revoked));
        self
    }

    /// Keeps up to `most` tokens that were verified, so that the signature of a token is verified once; 0 for none. Their time is
    /// checked at each request. They are kept until this is called again: do that when the issuer's keys change.
    #[must_use]
    pub fn keep(mut self, most: usize) -> Self {
        self.kept = (most > 0).then(|| Arc::new(Kept::new(most)));
        self
    }

    /// The session of a request.
    ///
    /// # Errors
    /// [`Problem`]: the request is refused.
    pub fn session(&self, headers: &HeaderMap) -> Result<Session<'static>, Problem> {
        self.restored(headers).map(|(_, session)| session)
    }

    /// The session of a request to which an operation is allowed. `discharged` are the obligations that the handler fulfils; others
    /// that are owed refuse the request.
    ///
    /// # Errors
    /// [`Problem`]: the request is refused. An operation that no policy has is denied; [`Guard::layer`] checks it before.
    pub fn require(
        &self,
        headers: &HeaderMap,
        operation: &str,
        discharged: &[&str],
    ) -> Result<Session<'static>, Problem> {
        let (policy, session) = self.restored(headers)?;
        let decision = session.decide(operation).map_err(|error| {
            let is_known = self.policies.iter().any(|other| other.operations().any(|id| id == operation));
            let is_older = is_known && !policy.operations().any(|id| id == operation);
            Problem::because(if is_older { Refusal::StaleToken } else { Refusal::Denied }, error)
        })?;
        match decision.verdict {
            Verdict::Yes if decision.obligations.iter().all(|owed| discharged.contains(owed)) => Ok(session),
            Verdict::Yes => Err(Problem::new(Refusal::ObligationOwed)),
            Verdict::No => Err(Problem::new(Refusal::Denied)),
            Verdict::Unknown => Err(Problem::new(Refusal::Undecided)),
        }
    }

    /// Checks that a policy has an operation.
    pub(crate) fn check(&self, operation: &str) -> Result<(), SubjectError> {
        let known = |policy: &&Policy| policy.operations().any(|id| id == operation);
        match self.policies.first() {
            Some(first) if !self.policies.iter().any(known) => {
                first.session(&Subject::default())?.can(operation).map(|_| ())
            }
            _ => Ok(()),
        }
    }

    fn restored(&self, headers: &HeaderMap) -> Result<(&'static Policy, Session<'static>), Problem> {
        let claims = self.verified(bearer(headers)?)?;
        let token = claims.get(&self.claim).and_then(|claim| claim.as_str());
        let token = token.ok_or(Problem::new(Refusal::InvalidToken))?;
        if let Some(revoked) = &self.revoked
            && revoked(&claims).map_err(|error| Problem::because(Refusal::RevocationUnavailable, error))?
        {
            return Err(Problem::new(Refusal::RevokedToken));
        }
        let facts = self.facts.as_ref().map_or(Ok(Vec::new()), |facts| facts(headers, &claims));
        let facts = facts.map_err(|error| Problem::because(Refusal::FactsUnavailable, error))?;
        let mut refused = Refusal::InvalidToken;
        for policy in self.policies.iter() {
            match policy.restore(token, &facts) {
                Ok(session) => return Ok((policy, session)),
                Err(error) => match error.fault() {
                    SubjectFault::StaleToken => refused = Refusal::StaleToken,
                    SubjectFault::InvalidToken => {}
                    SubjectFault::ConflictingChoice => {
                        return Err(Problem::because(Refusal::ConflictingChoice, error));
                    }
                    _ => return Err(Problem::because(Refusal::InvalidFacts, error)),
                },
            }
        }
        Err(Problem::new(refused))
    }

    fn verified(&self, token: &str) -> Result<Claims, Problem> {
        if let Some(kept) = &self.kept
            && let Some(claims) = kept.find(token)
        {
            return claims;
        }
        let claims = self.verified_anew(token)?;
        if let Some(kept) = &self.kept {
            kept.keep(token, &claims);
        }
        Ok(claims)
    }

    fn verified_anew(&self, token: &str) -> Result<Claims, Problem> {
        let invalid = |error| Problem::because(Refusal::InvalidToken, error);
        let header = decode_header(token).map_err(invalid)?;
        if !self.algorithms.contains(&header.alg) || !claims::is_header_plain(token) {
            return Err(Problem::new(Refusal::InvalidToken));
        }
        let key = (self.keys)(&header).map_err(|error| Problem::because(Refusal::KeysUnavailable, error))?;
        // Of jsonwebtoken only the signature: the claims are checked by the rule of all guards
        let mut signature = Validation::new(header.alg);
        signature.required_spec_claims.clear();
        signature.validate_exp = false;
        signature.validate_aud = false;
        let Strict(claims) = decode(token, &key, &signature).map_err(invalid)?.claims;
        claims::check(&claims, &self.issuer, &self.audience).map_err(Problem::new)?;
        claims::in_time(&claims, claims::now()).map_err(Problem::new)?;
        Ok(claims)
    }
}

/// Whether a key is of the family and the curve of an algorithm, as far as the key tells them.
fn fits(key: &DecodingKey, algorithm: Algorithm) -> bool {
    // The points of P-256 and P-384 have 65 and 97 bytes
    let other = match algorithm {
        Algorithm::ES256 => 97,
        Algorithm::ES384 => 65,
        _ => usize::MAX,
    };
    key.family() == algorithm.family() && key.try_get_as_bytes().map_or(true, |bytes| bytes.len() != other)
}

/// The bearer token of a request.
fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut sent = headers.get_all(AUTHORIZATION).iter();
    let header = sent.next().ok_or(Problem::new(Refusal::MissingToken))?;
    if sent.next().is_some() {
        return Err(Problem::new(Refusal::InvalidToken)); // a proxy may have checked the other header
    }
    if header.len() > MOST_BYTES {
        return Err(Problem::new(Refusal::OversizedToken));
    }
    let header = header.to_str().map_err(|error| Problem::because(Refusal::InvalidToken, error))?;
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => Ok(token.trim()),
        _ => Err(Problem::new(Refusal::MissingToken)),
    }
}
