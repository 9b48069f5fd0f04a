//! What the guards of proxies share: the configuration, the table of routes, the issuer's keys, and the answer to a request.
//! `hosts/envoy` and `hosts/fastly` are made of it.

mod answer;
mod config;
mod routes;

pub use answer::{Answer, PREFIX};
pub use config::{Config, KeySource, Setup, find_key};
pub use routes::{Access, Route, RouteConfig, Routes};
