//! The layer for tower services.

use crate::guard::Guard;
use http::{Request, Response};
use privet::SubjectError;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// Calls a service for requests to which an operation is allowed, with the [`Session`](privet::Session) as an extension, and answers
/// others. [`Guard::layer`] makes one.
#[derive(Clone, Debug)]
pub struct RequireLayer {
    guard: Guard,
    operation: Arc<str>,
    discharged: Arc<[String]>,
}

impl Guard {
    /// A layer for routes that need an operation.
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](privet::SubjectFault::UnknownId) for an operation that no policy has.
    pub fn layer(&self, operation: &str) -> Result<RequireLayer, SubjectError> {
        self.check(operation)?;
        Ok(RequireLayer { guard: self.clone(), operation: operation.into(), discharged: [].into() })
    }
}

impl RequireLayer {
    /// The obligations that the handlers fulfil; others that are owed refuse the request.
    #[must_use]
    pub fn discharges(mut self, obligations: &[&str]) -> Self {
        self.discharged = obligations.iter().map(|id| String::from(*id)).collect();
        self
    }
}

impl<S> Layer<S> for RequireLayer {
    type Service = Require<S>;

    fn layer(&self, inner: S) -> Require<S> {
        Require { inner, layer: self.clone() }
    }
}

/// The service of a [`RequireLayer`].
#[derive(Clone, Debug)]
pub struct Require<S> {
    inner: S,
    layer: RequireLayer,
}

impl<S, B, R> Service<Request<B>> for Require<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
    R: From<String> + Send + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let RequireLayer { guard, operation, discharged } = &self.layer;
        let discharged: Vec<&str> = discharged.iter().map(String::as_str).collect();
        match guard.require(request.headers(), operation, &discharged) {
            Ok(session) => {
                request.extensions_mut().insert(session);
                Box::pin(self.inner.call(request))
            }
            Err(problem) => {
                let response = problem.response();
                Box::pin(async { Ok(response) })
            }
        }
    }
}
